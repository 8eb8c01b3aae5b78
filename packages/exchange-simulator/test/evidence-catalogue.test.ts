import { describe, expect, test } from 'vitest';
import { defaultAscendexOptions } from '../src/dialect/ascendex/ascendex-options.ts';
import { worked } from './ascendex-stage.ts';
import {
  anywhere,
  clientEntries,
  endpoints,
  quietEntries,
  refusalForms,
  streamEntries,
} from './evidence/catalogue.ts';
import { deviationsOf, parseWritten } from './evidence/deviations.ts';
import type { Entry } from './evidence/entry.ts';
import { evidenceOf, evidenceRows, fieldsOf } from './evidence/evidence-rows.ts';
import { openEvidence, signed } from './evidence/evidence-stage.ts';
import { evidencePattern, field, integer, maybe, object, pair, text, words } from './evidence/field-types.ts';
import { createWitness, hasMarks } from './evidence/witness.ts';

const entries: readonly Entry[] = [
  ...streamEntries,
  ...clientEntries,
  ...endpoints.flatMap(({ forms }) => forms),
  ...Object.values(refusalForms),
  ...anywhere,
];

test('every field cites what it rests on, and every option that it cites is there', () => {
  const options: readonly string[] = Object.keys({ ...defaultAscendexOptions });
  const limits: readonly string[] = Object.keys(defaultAscendexOptions.limits);
  const cited = [
    ...entries.flatMap(({ fields }) => evidenceOf(fields)),
    ...endpoints.map(({ evidence }) => evidence),
    ...quietEntries.map(({ evidence }) => evidence),
  ];
  expect(cited.filter((list) => list.length === 0)).toEqual([]);
  for (const evidence of cited.flat()) {
    expect(evidence).toMatch(evidencePattern);
    const [, option = '', limit] = /^choice (\w+)(?:\.(\w+))?$/.exec(evidence) ?? [];
    if (option !== '') expect(options, evidence).toContain(option);
    if (limit !== undefined) expect(limits, evidence).toContain(limit);
  }
});

/** Options that decide when, how many or whether, and no field of a message. */
const shapeless = [
  ...['strictAuth', 'authTimeWindowMs', 'orderTimeWindowMs', 'updatesBeforeReply', 'duplicateIds'],
  ...['tickSizeCode', 'priceBandPercent', 'marketSlippagePercent', 'surplusParameters', 'numbersInOrders'],
  ...['numberCode'],
  ...['cancelOfEndedCode', 'duplicateCancelMs', 'emptyBars', 'barOrder', 'barUpperBound', 'defaultBars'],
  ...['orderChannelName', 'announcedTriggers', 'barIntervalMs', 'limits'],
];

test('every option that shapes a message is cited, or named by a difference', () => {
  const text = evidenceRows().flat().join(' ');
  const cited = entries
    .flatMap(({ fields }) => evidenceOf(fields))
    .flat()
    .join(' ');
  const unnamed = Object.keys(defaultAscendexOptions).filter(
    (name) => !`${text} ${cited}`.includes(name) && !shapeless.includes(name),
  );
  expect(unnamed).toEqual([]);
});

describe('the judge', () => {
  const fields = {
    a: field(words('x')),
    b: maybe('', pair),
    c: field(object({ d: field(integer(1)) })),
    e: maybe('', text('decimal')),
  };
  test.each([
    ['{"a":"x","b":["1","0.5"],"c":{"d":144115207815068068}}', 0],
    ['{"a":"x","c":{"d":1},"e":"0.1"}', 0],
    ['{"a":"x","c":{"d":1},"e":"0.10"}', 1],
    ['{"a":"x","c":{"d":1},"e":0.1}', 1],
    ['{"a":"x","c":{"d":1.5}}', 1],
    ['{"a":"x","c":{"d":"1"}}', 1],
    ['{"c":{"d":1},"a":"x"}', 1],
    ['{"a":"y","c":{"d":1}}', 1],
    ['{"a":"x","b":["1"],"c":{"d":1}}', 1],
    ['{"a":"x","c":{}}', 1],
    ['{"a":"x","c":{"d":1,"f":1}}', 1],
    ['[]', 1],
  ])('finds in %s as many deviations as there are: %i', (json, count) => {
    expect(deviationsOf(fields, parseWritten(json), '', () => {})).toHaveLength(count);
  });
});

test('what clients send is in the catalogue, and is answered as it says', () => {
  const seen = new Set<string>();
  for (const entry of clientEntries) {
    for (const { message, answer } of entry.examples) {
      const written = parseWritten(JSON.stringify(message)) as Readonly<Record<string, unknown>>;
      const notice = (path: string): void => void seen.add(path);
      expect(deviationsOf(entry.fields, written, entry.name, notice)).toEqual([]);
      const fitting = clientEntries.filter((one) => hasMarks(one, written));
      expect(fitting.map(({ name }) => name)).toEqual([entry.name]);
      expect(answersTo(message), JSON.stringify(message)).toEqual(answer === undefined ? [] : [answer]);
    }
  }
  const paths = clientEntries.flatMap(({ name, fields }) => fieldsOf(fields, name).map(([path]) => path));
  expect(paths.filter((path) => !seen.has(path))).toEqual([]);
});

/** What a client hears that has logged in and has an order, other than what it was told of itself. */
function answersTo(message: object): readonly string[] {
  const stage = openEvidence(createWitness());
  const client = stage.connect();
  if (!('sig' in message)) client.logIn();
  const orders = [{ id: 'k7Qm2Zt9X' }, { id: 'batch0002' }];
  if (!JSON.stringify(message).includes('place-order'))
    for (const fields of orders) client.ask('place-order', stage.order(fields));
  client.heard();
  client.send(message);
  return client.heard();
}

test.each(quietEntries)('$name is answered once, and nothing follows', async ({ message, answer, code }) => {
  const witness = createWitness();
  const stage = openEvidence(witness);
  const client = stage.connect();
  client.logIn();
  client.heard();
  client.send(message);
  expect(client.heard()).toEqual([answer]);
  if (code !== undefined) expect(client.messages.at(-1)).toMatchObject({ code });
  await stage.offer('sell', '100', '0.0710');
  await stage.offer('buy', '100', '0.0710');
  await stage.pass(10_000);
  expect(client.heard()).toEqual([]);
  expect(witness.deviations).toEqual([]);
});

test('choices about upgrades: 401 for a wrong signature, 429 for one session too many, 403 for a banned address', () => {
  const path = '/7/api/pro/v1/stream';
  const open = (stage: ReturnType<typeof openEvidence>, headers = {}) =>
    stage.simulator.connect({ path, headers: new Headers(headers) }, sink);
  const stage = openEvidence(createWitness(), { limits: { sessionsPerGroup: 1, connects: 3 } });
  expect(open(stage, signed('ann', 'nonsense', worked.timeMs))).toMatchObject({ refusedWith: 401 });
  expect(open(stage)).not.toHaveProperty('refusedWith');
  expect(open(stage)).toMatchObject({ refusedWith: 429 });
  expect(open(stage)).toMatchObject({ refusedWith: 403 });
});

const sink = { send() {}, pong() {}, cut() {}, close() {}, bufferedBytes: 0 };
