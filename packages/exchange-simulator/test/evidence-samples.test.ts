import { expect, test } from 'vitest';
import { endpoints, refusalForms, streamEntries } from './evidence/catalogue.ts';
import { openEvidence } from './evidence/evidence-stage.ts';
import { samples, workedAck, workedOrder } from './evidence/samples.ts';
import { createWitness } from './evidence/witness.ts';

test.each(samples)(
  'documented in $section: $json has the fields of the catalogue, but what is listed',
  ({ section, json, call, deviations = [] }) => {
    const witness = createWitness();
    const name = call === undefined ? witness.message(json) : witness.answer(...call, 200, json);
    expect(name).not.toBe('');
    expect(witness.deviations).toEqual(deviations);
    if (deviations.length === 0) return;
    expect(differencesOf(name, call).map(({ from }) => from)).toContain(`documents ${section}`);
  },
);

function differencesOf(name: string, call: readonly [string, string] | undefined) {
  const [method, path = ''] = call ?? [];
  const endpoint = endpoints.find((one) => one.method === method && one.path === path.replace('/7/', '/~/'));
  const forms = [...(endpoint?.forms ?? []), ...Object.values(refusalForms)];
  const entries = (call === undefined ? streamEntries : forms).filter((entry) => entry.name === name);
  return [...(endpoint?.differences ?? []), ...entries.flatMap(({ differences = [] }) => differences)];
}

/** Without what the venue decides: the account, numbers and times. */
function withoutOwn(json: string): string {
  return json.replace(/"accountId":"\w+"/, '"accountId":""').replace(/"(sn|t|timestamp)":\d+/g, '"$1":0');
}

test('worked example: the answer and the message of the third fill, byte for byte', async () => {
  const stage = openEvidence(createWitness());
  const client = stage.connect();
  client.logIn();
  client.send({ op: 'sub', ch: 'order:cash' });
  for (const [size, price] of [
    ['120', '0.0710'],
    ['200', '0.0711'],
    ['180', '0.0712'],
  ] as const)
    await stage.offer('sell', size, price);
  const { body } = await stage.place();
  expect(withoutOwn(JSON.stringify(body))).toBe(withoutOwn(workedAck));
  const orders = client.messages.filter(({ m }) => m === 'order');
  expect(orders).toHaveLength(4);
  expect(withoutOwn(JSON.stringify(orders[2]))).toBe(withoutOwn(workedOrder));
});
