import { describe, expect, test } from 'vitest';
import { createExchangeSimulator, parseFault } from '../src/index.ts';
import { type FaultStage, openStage, type Transport, transports } from './fault-stage.ts';
import { createHandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect, greeting } from './plain-dialect.ts';

const order =
  '{"m":"order","ac":"CASH","data":{"s":"A/B","sn":144115188075857025,"st":"New","cfq":"1.50","hp":3}}';
const orders = { channel: 'order', symbol: 'A/B' } as const;

/** What one client hears of messages after a fault. */
async function hear(
  transport: Transport,
  fault: string,
  texts: readonly string[],
): Promise<readonly string[]> {
  const stage = await openStage(transport);
  const client = await stage.client();
  stage.inject(fault);
  for (const text of texts) stage.dialect.publish(text, orders);
  await client.settle();
  return client.texts;
}

const numbered = ['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}'];

describe.each(transports)('%s', (transport) => {
  test.each([
    ['lost-frame@0', [2, 3, 4]],
    ['lost-frame@0,count=2', [3, 4]],
    ['lost-frame@0:order', [2, 3, 4]],
    ['lost-frame@0:depth', [1, 2, 3, 4]],
    ['lost-frame@0,path=elsewhere', [1, 2, 3, 4]],
    ['lost-frame@0,address=10.0.0.1', [1, 2, 3, 4]],
    ['lost-frame@0+5', []],
    ['lost-frame@0+5,count=3', [4]],
    ['repeated-frame@0', [1, 1, 2, 3, 4]],
    ['repeated-frame@0,times=4,count=2', [1, 1, 1, 1, 2, 2, 2, 2, 3, 4]],
    ['swapped-frame@0', [2, 1, 3, 4]],
    ['swapped-frame@0:order,count=2', [2, 1, 4, 3]],
    ['sliced-frame@0+5,bytes=3', [1, 2, 3, 4]],
  ])('%s', async (fault, expected) => {
    expect(await hear(transport, fault, numbered)).toEqual(expected.map((n) => `{"n":${n}}`));
  });

  test.each([
    ['truncated-frame@0', order.slice(0, order.length >> 1)],
    ['html-frame@0', expect.stringMatching(/^<html>.*<\/html>$/)],
    ['wrong-types-frame@0,field=data.cfq', order.replace('"1.50"', '["1.50"]')],
    ['wrong-types-frame@0,field=sn', order.replace('144115188075857025', 'true')],
    [
      'wrong-types-frame@0',
      '{"m":"order","ac":"CASH","data":{"s":["A/B"],"sn":true,"st":["New"],"cfq":["1.50"],"hp":true}}',
    ],
    ['wrong-types-frame@0,field=data', '{"m":"order","ac":"CASH","data":null}'],
    ['unknown-word-frame@0', order.replace('New', 'Unheard')],
    ['unknown-word-frame@0,field=ac,value=MOON', order.replace('CASH', 'MOON')],
    ['odd-number-frame@0', order.replace('144115188075857025', '"NaN"')],
    ['odd-number-frame@0,field=cfq,value=1e-7', order.replace('1.50', '1e-7')],
    ['odd-number-frame@0,field=cfq,value=', order.replace('1.50', '')],
    ['odd-number-frame@0,field=hp,value=1e-7', order.replace('"hp":3', '"hp":1e-7')],
    ['odd-number-frame@0,field=cfq,value=-0', order.replace('1.50', '-0')],
    [
      'odd-number-frame@0,field=sn,value=123456789012345678901234567890',
      order.replace('144115188075857025', '123456789012345678901234567890'),
    ],
    ['edited-frame@0,field=data.st,value=Filled', order.replace('New', 'Filled')],
    ['edited-frame@0,field=data.hp,value=[1%2C2]', order.replace('"hp":3', '"hp":[1,2]')],
    ['raised-number-frame@0,field=cfq,value=-0.75', order.replace('1.50', '0.75')],
    ['raised-number-frame@0,field=sn,value=1', order.replace('857025', '857026')],
    ['raised-number-frame@0', order.replace('857025', '857024')],
  ])('%s', async (fault, expected) => {
    const plain = '{"m":"order"}';
    expect(await hear(transport, fault, [order, order])).toEqual([expected, order]);
    // A message that has nothing to strike goes out as it is, and the fault waits.
    if (!/truncated|html/.test(fault))
      expect(await hear(transport, fault, [plain, order])).toEqual([plain, expected]);
  });

  test('unheard-of fields are in every object, and the rest is as it was', async () => {
    const [struck = ''] = await hear(transport, 'extra-field-frame@0', [order]);
    const odd = { list: [1, 'b', null] };
    const { data, ...top } = JSON.parse(struck) as { data: object };
    expect(top).toEqual({ m: 'order', ac: 'CASH', unheardOf: odd });
    expect(data).toMatchObject({ st: 'New', unheardOf: odd });
    expect(struck).toContain('144115188075857025');
    expect(await hear(transport, 'extra-field-frame@0', ['{"a":[{}]}'])).toEqual([
      '{"a":[{"unheardOf":{"list":[1,"b",null]}}],"unheardOf":{"list":[1,"b",null]}}',
    ]);
  });

  test('hostile names are in every object', async () => {
    const [struck = ''] = await hear(transport, 'proto-frame@0', [order]);
    expect(struck.match(/"__proto__":\{"polluted":true\}/g)).toHaveLength(2);
    expect(Object.keys(JSON.parse(struck) as object)).toContain('__proto__');
  });

  test('deep and huge messages are as deep and as long as was said', async () => {
    const [deep = ''] = await hear(transport, 'deep-frame@0,times=5000', [order]);
    expect(deep.split('[').length - 1).toBe(5_000);
    const [huge = ''] = await hear(transport, 'huge-frame@0,bytes=3000000', [order]);
    expect(huge.length).toBe(order.length + 3_000_000 + ',"huge":""'.length);
    expect(() => JSON.parse(huge)).not.toThrow();
  });

  test('a number falls by one more each time, down to zero', async () => {
    const heard = await hear(transport, 'falling-number-frame@0', [order, order, order, order, '{"a":1}']);
    expect(heard.map((text) => /"hp":(\d+)/.exec(text)?.[1])).toEqual(['2', '1', '0', '0', undefined]);
  });

  test('late messages are overtaken, replayed ones come twice, and a burst comes at once', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('late-frame@0:order,seconds=2');
    stage.inject('replayed-frame@0:depth,seconds=3');
    stage.inject('burst@0+4:bbo');
    stage.dialect.publish('order', orders);
    stage.dialect.publish('depth', { channel: 'depth' });
    for (const text of ['first', 'second']) stage.dialect.publish(text, { channel: 'bbo' });
    stage.dialect.publish('other', { channel: 'trades' });
    const lines: string[] = [];
    for (const ms of [0, 1_999, 1, 1_000, 999, 1]) {
      await stage.pass(ms);
      await client.settle();
      lines.push(client.texts.join(' '));
    }
    expect(lines).toEqual([
      ...['depth other', 'depth other', 'depth other order', 'depth other order depth'],
      ...['depth other order depth', 'depth other order depth first second'],
    ]);
    expect(stage.fired).toMatchObject({ 'late-frame': 1, 'replayed-frame': 1, burst: 2 });
  });

  test('a connection that is reset within a message gives none of it', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('reset-frame@0:order');
    stage.dialect.publish('{"n":1}', { channel: 'depth' });
    stage.dialect.publish('x'.repeat(2_000), orders);
    stage.dialect.publish('{"n":2}', orders);
    expect(await client.gone()).toBe(1006);
    expect(client.texts).toEqual(['{"n":1}']);
    expect(await stage.client()).toMatchObject({ texts: [] });
  });

  test('a mute also swallows what is told to customers, and answers go on', async () => {
    const stage = await openStage(transport);
    const client = await stage.client();
    stage.inject('mute@0:order:BTC/USDT');
    stage.dialect.publish('{"n":1}', { channel: 'order', symbol: 'BTC/USDT' });
    stage.dialect.publish('{"n":2}', { channel: 'order', symbol: 'ETH/USDT' });
    stage.dialect.publish('{"n":3}', { channel: 'reply', symbol: 'BTC/USDT' });
    await client.settle();
    expect(client.texts).toEqual(['{"n":2}', '{"n":3}']);
  });
});

test('a fault that has struck all that it was to strike is over, and can be ended before', async () => {
  const stage = await openStage('in memory');
  const client = await stage.client();
  const { faults } = stage.dialect.venue;
  const first = stage.inject('lost-frame@0,count=2');
  const second = stage.inject('lost-frame@0+100');
  stage.dialect.publish('1');
  expect(faults.states).toMatchObject([
    { id: first, state: 'active', strikes: 1 },
    { id: second, state: 'active', strikes: 0 },
  ]);
  stage.dialect.publish('2');
  expect(faults.states.map(({ id }) => id)).toEqual([second]);
  expect(faults.end(second)).toBe(true);
  expect(faults.end(second)).toBe(false);
  stage.dialect.publish('3');
  expect(client.texts).toEqual(['3']);
});

test('truth has each strike', async () => {
  const stage: FaultStage = await openStage('in memory');
  await stage.client();
  stage.inject('lost-frame@0:order,count=2');
  for (const text of ['1', '2', '3']) stage.dialect.publish(text, orders);
  const told = stage.truth.filter(({ kind }) => kind === 'fault');
  expect(told).toHaveLength(2);
  expect(told[0]).toMatchObject({ symbol: 'A/B', fault: { kind: 'lost-frame', channel: 'order', count: 2 } });
});

test.each([
  ['html-frame@0,count=1', 1],
  ['html-frame@0,count=3', 3],
  ['lost-frame@0,count=2', 2],
  ['truncated-frame@0', 1],
])('%s strikes no more for a client that answers at once', (fault, most) => {
  const answering = createPlainDialect();
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 'answers', pairs: 1, traders: false },
    ...{ runtime: createHandMadeRuntime(), dialect: answering },
  });
  let asked = 0;
  const texts: string[] = [];
  simulator.connect('/stream', {
    send(text) {
      texts.push(text);
      if (!text.startsWith('<html') || asked > 50) return;
      asked += 1;
      answering.publish(order);
    },
    ...{ pong: () => {}, cut: () => {}, close: () => {}, bufferedBytes: 0 },
  });
  simulator.inject(parseFault(fault));
  for (let time = 0; time < 5; time += 1) answering.publish(order);
  expect(simulator.stats.faults[parseFault(fault).kind]).toBe(most);
  expect(texts.at(-1)).toBe(order);
  simulator.close();
});

test('a number that is too odd to be raised is not struck, and the fault waits', async () => {
  const odd = '{"m":"order","data":{"n":1e99999}}';
  expect(
    await hear('in memory', 'raised-number-frame@0,value=1', [odd, '{"m":"order","data":{"n":1}}']),
  ).toEqual([odd, '{"m":"order","data":{"n":2}}']);
});

describe('what is kept back counts as waiting, until it is sent or its stream is gone', () => {
  const waiting = (stage: FaultStage): readonly number[] =>
    [...stage.dialect.sinks].map(({ bufferedBytes }) => bufferedBytes);

  test.each(['burst@0+5', 'late-frame@0,seconds=5', 'swapped-frame@0', 'slow-link@0+9,seconds=5'])(
    '%s',
    async (fault) => {
      const stage = await openStage('in memory');
      const client = await stage.client();
      stage.inject(fault);
      stage.dialect.publish('höher');
      expect(waiting(stage)).toEqual([6]);
      await stage.pass(5_000);
      if (fault.startsWith('swapped')) stage.dialect.publish('next');
      expect(waiting(stage)).toEqual([0]);
      expect(client.texts).toContain('höher');
    },
  );

  test('in memory, what a deaf exchange has not heard counts as well', async () => {
    const stage = await openStage('in memory');
    const client = await stage.client();
    stage.inject('deaf@0+5');
    client.send('höher');
    expect(waiting(stage)).toEqual([6]);
    await stage.pass(5_000);
    expect([waiting(stage), stage.dialect.heard]).toEqual([[0], ['höher']]);
    stage.inject('deaf@0+5');
    for (const text of ['a', 'bc']) client.send(text);
    expect(waiting(stage)).toEqual([3]);
    const [sink] = stage.dialect.sinks;
    stage.inject('close@0');
    expect(sink?.bufferedBytes).toBe(0);
  });

  test('a stream that is gone leaves nothing, and nothing is sent to it later', async () => {
    const stage = await openStage('in memory');
    const fault = stage.inject('burst@0+50');
    const client = await stage.client();
    const [sink] = stage.dialect.sinks;
    for (let time = 0; time < 100; time += 1) stage.dialect.publish('x'.repeat(1_000));
    expect(sink?.bufferedBytes).toBe(100_000 + greeting.length);
    stage.inject('close@0');
    expect([sink?.bufferedBytes, client.ended]).toEqual([0, 1001]);
    stage.dialect.venue.faults.end(fault);
    expect(client.texts).toEqual([]);
  });
});

test('a burst of so many comes in its order, the last among them', async () => {
  const stage = await openStage('in memory');
  const client = await stage.client();
  stage.inject('burst@0+9,count=3');
  for (const text of ['1', '2']) stage.dialect.publish(text);
  expect(client.texts).toEqual([]);
  for (const text of ['3', '4']) stage.dialect.publish(text);
  expect(client.texts).toEqual(['1', '2', '3', '4']);
});
