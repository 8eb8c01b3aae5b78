import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeFaults, faultKinds } from '../src/faults/fault.ts';
import { faultParts } from '../src/faults/fault-parts.ts';

/** What a client has to live with, and the kinds that make it. A torn journal, signals, fat fingers and the like are its own affair. */
const made: Readonly<Record<string, string>> = {
  'no connection': 'unreachable',
  'a handshake that hangs': 'hung-upgrade',
  'a refused stream': 'refuse http-error refused-upgrade venue-closed limit-ban address-ban',
  'a connection that is dead on one side': 'silence half-open',
  'a reset, a cut within a message': 'drop reset-frame cut-reply close',
  'a stream that ends as soon as it is open': 'flap',
  'a stream that is open and silent': 'mute silence lost-frame',
  'slow lines, slices, huge messages': 'sliced-frame huge-frame huge-reply deaf slow-link',
  'a reader that is too slow': 'burst deaf slow-link',
  'a request on a connection that is gone': 'lost-request lost-reply http-error gateway-error cut-reply',
  'a return while the old session is still there': 'drop restart',
  'broken or unexpected JSON':
    'malformed truncated-frame html-frame wrong-types-frame extra-field-frame unknown-word-frame cut-reply truncated-reply html-reply wrong-types-reply extra-field-reply unknown-word-reply foreign-frame',
  'odd numbers': 'odd-number-frame odd-number-reply',
  'confirmations that are lost or refused':
    'lost-confirmation ignored-subscription refused-subscription lost-frame limit-silence',
  'messages twice, in another order, or old':
    'duplicate reorder repeated-frame swapped-frame late-frame replayed-frame',
  'an event before the answer to its request': 'swapped-frame late-frame late-reply',
  'an answer that belongs to something else': 'lost-snapshot foreign-frame',
  'gaps and restarts in a sequence':
    'gap duplicate reorder epoch raised-number-frame raised-number-reply restart',
  'books that are late, lost or old': 'gap slow-snapshot lost-snapshot old-snapshot lost-frame late-frame',
  'a farewell, falling health points': 'falling-number-frame falling-number-reply close foreign-frame',
  'less of an answer than was asked for': 'slow-engine full-engine',
  'an order whose fate is unknown':
    'lost-request lost-reply late-request late-reply gateway-error slow-engine',
  'an order that is placed again': 'lost-reply',
  'a fill that crosses a cancel': 'late-frame venue-cancel',
  'a cancel that is lost, or of nothing': 'lost-request lost-reply venue-cancel',
  'a lost batch': 'lost-request lost-reply',
  'orders that a cancel of all has missed': 'lost-reply late-request slow-engine',
  'fills that contradict each other': 'edited-frame raised-number-frame edited-reply raised-number-reply',
  'REST behind the stream': 'late-reply stale-reply',
  'an order of somebody else': 'foreign-order',
  'changed rules, a halted symbol': 'edited-frame edited-reply halt cancel-only venue-cancel',
  'a wrong clock': 'clock-skew clock-drift clock-stop',
  'everything late and at once': 'burst late-reply slow-engine',
  'a crash around an order': 'lost-reply',
  'a restart of one side': 'restart',
  'a key that has lost its rights': 'expired-key lost-permission changed-ips',
  'a hostile server':
    'repeated-frame proto-frame deep-frame huge-frame redirect proto-reply deep-reply huge-reply ping-flood',
  limits: 'http-error refused-upgrade limit-silence limit-ban address-ban',
  'two programs with one key, a venue that lies': 'foreign-order foreign-money venue-closed',
  'growth without end': 'repeated-frame',
};

test('every trouble is made by kinds that there are, and every kind makes one', () => {
  const makers = Object.values(made).flatMap((kinds) => kinds.split(' '));
  expect([...new Set(makers)].sort()).toEqual([...faultKinds].sort());
});

test('every kind says what it does, and how each part is used that does not speak for itself', () => {
  for (const { kind, what, parts } of describeFaults()) {
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
