import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeFaults, faultKinds } from '../src/faults/fault.ts';
import { faultParts } from '../src/faults/fault-parts.ts';

/**
 * The faults that a client has to live with, by their numbers in the project's catalogue, and the kinds that make each of them; of those that no
 * exchange can cause, whose affair they are.
 */
const made: Readonly<Record<string, string>> = {
  F1: 'unreachable',
  F2: 'hung-upgrade',
  F3: 'refuse http-error refused-upgrade venue-closed limit-ban address-ban',
  F4: 'silence half-open',
  F5: 'drop reset-frame cut-reply close',
  F6: 'flap',
  F7: 'mute silence lost-frame',
  F8: 'sliced-frame huge-frame huge-reply deaf slow-link',
  F9: 'burst deaf slow-link',
  F10: 'lost-request lost-reply http-error gateway-error cut-reply',
  F11: 'drop restart',
  F12: 'malformed truncated-frame html-frame wrong-types-frame extra-field-frame unknown-word-frame cut-reply truncated-reply html-reply wrong-types-reply extra-field-reply unknown-word-reply foreign-frame',
  F13: 'odd-number-frame odd-number-reply',
  F14: 'lost-confirmation ignored-subscription refused-subscription lost-frame limit-silence',
  F15: 'duplicate reorder repeated-frame swapped-frame late-frame replayed-frame',
  F16: 'swapped-frame late-frame late-reply',
  F17: 'lost-snapshot foreign-frame',
  F18: 'gap duplicate reorder epoch raised-number-frame raised-number-reply restart',
  F19: 'gap slow-snapshot lost-snapshot old-snapshot lost-frame late-frame',
  F20: 'falling-number-frame falling-number-reply close foreign-frame',
  F21: 'slow-engine full-engine',
  F22: 'lost-request lost-reply late-request late-reply gateway-error slow-engine',
  F23: 'lost-reply',
  F24: 'late-frame venue-cancel',
  F25: 'lost-request lost-reply venue-cancel',
  F26: 'lost-request lost-reply',
  F27: 'lost-reply late-request slow-engine',
  F28: 'edited-frame raised-number-frame edited-reply raised-number-reply',
  F29: 'late-reply stale-reply',
  F30: 'foreign-order',
  F31: 'edited-frame edited-reply halt cancel-only venue-cancel',
  F32: 'clock-skew clock-drift clock-stop',
  F33: 'burst late-reply slow-engine',
  F34: 'lost-reply',
  F35: 'restart',
  F36: "client: the client's own disk and journal",
  F37: "client: the client's own shutdown; lost replies can only be in its way",
  F38: "client: the client's own callbacks",
  F39: 'expired-key lost-permission changed-ips',
  F40: "client: the client's own limits, before anything is sent",
  F41: 'repeated-frame proto-frame deep-frame huge-frame redirect proto-reply deep-reply huge-reply ping-flood',
  F42: "client: the client's own logs; nothing that an exchange sends holds a secret",
  F43: 'http-error refused-upgrade limit-silence limit-ban address-ban',
  F44: 'foreign-order foreign-money venue-closed',
  F45: 'repeated-frame',
};

const numbers = Array.from({ length: 45 }, (_, index) => `F${index + 1}`);

test('every fault of the catalogue is made by these kinds, or is the affair of the client for a reason', () => {
  expect(Object.keys(made)).toEqual(numbers);
  for (const [number, kinds] of Object.entries(made)) {
    const makers = describeFaults().filter(({ makes }) => makes.includes(number));
    expect(makers.map(({ kind }) => kind).join(' '), number).toBe(kinds.startsWith('client: ') ? '' : kinds);
  }
});

test('every kind says what it does, and which faults it makes', () => {
  for (const { kind, what, makes, parts } of describeFaults()) {
    expect(makes.length, kind).toBeGreaterThan(0);
    expect(numbers, kind).toEqual(expect.arrayContaining([...makes]));
    expect(what, kind).toMatch(/^(?!.*[.]$).{15,}/);
    expect([...new Set(parts)], kind).toEqual(parts);
    expect(faultParts, kind).toEqual(expect.arrayContaining([...parts]));
    for (const part of parts) {
      if (
        !/^(?:durationSeconds|symbol|channel|count|path|method|address|account|key|field|asset|side|right|body|price|amount|ending)$/.test(
          part,
        )
      )
        expect(what, `${kind}: ${part}`).toContain(`\`${part}\``);
    }
  }
});

test('every kind has a test', () => {
  const folder = new URL('./', import.meta.url);
  const texts = readdirSync(folder)
    .filter((name) => /faults.*\.test\.ts$/.test(name) && !name.includes('catalogue'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const untested = faultKinds.filter(
    (kind) => !texts.includes(`${kind}@`) && !texts.includes(`kind: '${kind}'`),
  );
  expect(untested).toEqual([]);
});
