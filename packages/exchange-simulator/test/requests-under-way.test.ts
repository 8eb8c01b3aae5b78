import { expect, test } from 'vitest';
import type { OrderUpdate } from '../src/desk/desk-types.ts';
import {
  createAscendexDialect,
  createExchangeSimulator,
  createSeededRandom,
  createVirtualTime,
} from '../src/index.ts';
import {
  type Answer,
  type AscendexStage,
  createAscendexStage,
  signHeaders,
  stageUser,
  worked,
} from './ascendex-stage.ts';
import { type Message, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

const firstId = 'a19b76daa87bU0420042042k7Qm2Zt9X';
const order = '/~/api/pro/v1/cash/order';

function cancel(stage: AscendexStage, fields: object = {}): Promise<Answer> {
  const body = { orderId: firstId, symbol: 'ASD/USDT', time: stage.runtime.clock.now(), ...fields };
  return stage.signed('DELETE', order, { body });
}

function heard({ updates }: AscendexStage): readonly string[] {
  return updates
    .filter((update): update is OrderUpdate => update.kind === 'order')
    .map(({ change, refusal }) => (refusal === undefined ? change : `${change} ${refusal}`));
}

/** Lets requests come to where they wait for time to pass. */
const arrived = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A request of the customer of a venue with streams. */
async function ask(venue: VenueCase, method: 'POST' | 'DELETE', fields: object): Promise<Answer['body']> {
  const body = JSON.stringify({ symbol: 'ASD/USDT', time: venue.now(), ...fields });
  const headers = signHeaders('order', venue.now());
  const request = new Request('http://venue.test/4/api/pro/v1/cash/order', { method, headers, body });
  return (await venue.dialect.fetch(request, { address: '10.0.0.1' })).json() as Promise<Answer['body']>;
}

const asked = { orderType: 'limit', side: 'buy', orderPrice: '0.0712', orderQty: '500', id: 'k7Qm2Zt9X' };

function listening(venue: VenueCase, isReady = false): VenueClient {
  const client = venue.connect();
  client.logIn(isReady);
  client.ask({ op: 'sub', ch: 'order:cash' });
  return client;
}

function words(messages: readonly Message[]): readonly unknown[] {
  return messages.map(({ data, status }) => [data?.st ?? status, data?.text ?? data?.err].join(' ').trim());
}

test('an order that waits behind its reply can be canceled: it is under way when it is answered', async () => {
  const stage = await createAscendexStage({ choices: { updatesBeforeReply: false } });
  await stage.place();
  expect((await cancel(stage)).body).toMatchObject({ code: 0, data: { status: 'Ack' } });
  expect(heard(stage)).toEqual([]);
  stage.runtime.pass(0);
  expect(heard(stage)).toEqual(['accepted', 'canceled']);
});

test('requests reach the engine in the order of their replies, by whatever way they came', async () => {
  const venue = venueCase({ choices: { updatesBeforeReply: false } });
  const client = listening(venue);
  const placed = await ask(venue, 'POST', asked);
  const args = { time: venue.now(), orderId: placed.data.info.orderId, symbol: 'ASD/USDT' };
  const replies = client.ask({ op: 'req', action: 'cancel-order', args });
  expect(words(replies)).toEqual(['Ack']);
  const waiting = ask(venue, 'POST', { ...asked, id: 'another01', respInst: 'ACCEPT' });
  await arrived();
  venue.runtime.pass(0);
  expect(words(client.heard())).toEqual(['New', 'Canceled', 'New']);
  expect((await waiting).data).toMatchObject({ status: 'ACCEPT', info: { status: 'New' } });
});

test('a cancel that was refused never cancels what comes later, however the engine gets on', async () => {
  let delayMs = 100;
  const stage = await createAscendexStage({ delayMs: () => delayMs });
  expect((await cancel(stage)).body.code).toBe(300019);
  delayMs = 0;
  await stage.place();
  stage.runtime.pass(200);
  expect(heard(stage)).toEqual(['cancel-refused unknown-order', 'accepted']);
});

test.each([
  ['ACCEPT', 'New'],
  ['DONE', 'PartiallyFilled'],
])(
  'protocol 5.3: whoever sends an order again is told of the second one, with %s',
  async (respInst, status) => {
    const stage = await createAscendexStage({ delayMs: () => 2_000 });
    stage.rest('sell', '100', '0.0712');
    const answers = [stage.place({ respInst }), stage.place({ respInst }), stage.place({ respInst })];
    await arrived();
    stage.runtime.pass(2_000);
    const data = (await Promise.all(answers)).map(({ body }) => body.data);
    expect(data.map((one) => [one.status, one.info.status, one.info.errorCode])).toEqual([
      [respInst, status, ''],
      [respInst, 'Rejected', 'DupNewCoid'],
      [respInst, 'Rejected', 'DupNewCoid'],
    ]);
  },
);

test('of two orders of one id each is told of its own end, also if the first one dies', async () => {
  const stage = await createAscendexStage({ delayMs: () => 2_000 });
  const big = { orderQty: '9000', respInst: 'ACCEPT' };
  const answers = [stage.place({ ...big, id: 'another01' }), stage.place(big), stage.place(big)];
  await arrived();
  stage.runtime.pass(2_000);
  const data = (await Promise.all(answers)).map(({ body }) => body.data);
  expect(data.map(({ info }) => info.errorCode)).toEqual(['', 'NotEnoughPos', 'DupNewCoid']);
});

test('switchable: an id is used as soon as an order of it is under way', async () => {
  for (const options of [{ delayMs: () => 2_000 }, { choices: { updatesBeforeReply: false } }]) {
    const choices = { ...options.choices, duplicateIds: 'refused' } as const;
    const stage = await createAscendexStage({ ...options, choices });
    expect((await stage.place()).body.code).toBe(0);
    expect((await stage.place()).body).toMatchObject({ code: 300006, reason: 'INVALID_ORDER_ID' });
    stage.runtime.pass(2_000);
    expect(heard(stage)).toEqual(['accepted']);
  }
});

test('an order under way has a market: it is not canceled as one of another', async () => {
  const stage = await createAscendexStage({ delayMs: () => 100 });
  await stage.place();
  expect((await cancel(stage, { symbol: 'BTC/USDT' })).body).toMatchObject({
    code: 300019,
    message: 'Trying to cancel non-open order',
  });
  stage.runtime.pass(100);
  expect(heard(stage)).toEqual(['cancel-refused unknown-order', 'accepted']);
});

test('documented (Ready-Ack page): a refusal names the cancel that was refused, by whatever way it came', async () => {
  const venue = venueCase();
  const client = listening(venue, true);
  const { data } = await ask(venue, 'POST', asked);
  const { orderId } = data.info;
  await ask(venue, 'DELETE', { orderId, id: 'first0001' });
  venue.runtime.pass(2_000);
  const args = { time: venue.now(), orderId, symbol: 'ASD/USDT', id: 'streamreq1' };
  client.ask({ op: 'req', action: 'cancel-order', args });
  venue.runtime.pass(2_000);
  client.heard();
  await ask(venue, 'DELETE', { orderId, id: 'restreqst2' });
  const time = venue.now().toString(16);
  expect(client.heard().map((message) => message.data)).toMatchObject([
    { orderId: `a${time}U0420042042estreqst2`, origOrderId: orderId, text: 'TooLateToCancel' },
  ]);
});

test('documented (Ready-Ack page): the engine’s refusal of a cancel names the one that it refuses', async () => {
  const venue = venueCase({ delayMs: 2_000 });
  const client = listening(venue, true);
  const { data } = await ask(venue, 'POST', asked);
  const { orderId } = data.info;
  venue.runtime.pass(2_000);
  for (const id of ['first0001', 'second002']) {
    expect((await ask(venue, 'DELETE', { orderId, id })).code).toBe(0);
    venue.runtime.pass(1_500);
  }
  const second = `a${(venue.now() - 1_500).toString(16)}U0420042042second002`;
  venue.runtime.pass(2_000);
  expect(client.heard().map((message) => message.data)).toMatchObject([
    { st: 'Ready' },
    { st: 'Canceled' },
    { orderId: second, text: 'TooLateToCancel' },
  ]);
});

test('documented: a cancel again while the first is under way is a duplicate, and told as one', async () => {
  const venue = venueCase({ delayMs: 500 });
  const client = listening(venue);
  const { data } = await ask(venue, 'POST', asked);
  const { orderId } = data.info;
  venue.runtime.pass(500);
  await ask(venue, 'DELETE', { orderId });
  expect(await ask(venue, 'DELETE', { orderId })).toMatchObject({
    message: 'Duplicated order cancel request.',
  });
  venue.runtime.pass(500);
  expect(words(client.heard())).toEqual(['New', 'Rejected DupCancelCoid', 'Canceled']);
});

test('a cancel that came to nothing is not remembered: the next one is no duplicate', async () => {
  const venue = venueCase();
  const client = listening(venue);
  const { data } = await ask(venue, 'POST', asked);
  const { orderId } = data.info;
  venue.floor.setStatus('ASD/USDT', 'halted');
  expect((await ask(venue, 'DELETE', { orderId })).code).toBe(0);
  venue.floor.setStatus('ASD/USDT', 'trading');
  expect((await ask(venue, 'DELETE', { orderId })).code).toBe(0);
  expect(words(client.heard())).toEqual(['New', 'Rejected TradingNotAllowed', 'Canceled']);
});

test('how long a cancel is called a duplicate does not depend on what the venue’s clock shows', async () => {
  const runtime = { ...createVirtualTime(worked.timeMs), random: createSeededRandom(1) };
  const simulator = createExchangeSimulator({
    ...{ market: { kind: 'synthetic', seed: 7, pairs: 1 }, runtime, dialect: createAscendexDialect() },
    users: [{ ...stageUser, balances: { USDT: '1000' } }],
  });
  const [symbol] = simulator.pairs;
  let skewMs = 0;
  const call = async (method: string, fields: object): Promise<Answer['body']> => {
    const time = runtime.clock.now() + skewMs;
    const body = JSON.stringify({ symbol, time, ...fields });
    const url = 'http://venue.test/7/api/pro/v1/cash/order';
    const request = new Request(url, { method, headers: signHeaders('order', time), body });
    return (await simulator.fetch(request)).json() as Promise<Answer['body']>;
  };
  const { data } = await call('POST', { ...asked, orderPrice: '1000', orderQty: '0.01' });
  const { orderId } = data.info;
  expect((await call('DELETE', { orderId })).code).toBe(0);
  simulator.inject({ kind: 'clock-skew', atSeconds: 0, seconds: -60 });
  skewMs = -60_000;
  expect((await call('DELETE', { orderId })).message).toBe('Duplicated order cancel request.');
  runtime.runUntil(runtime.clock.now() + 20_000);
  expect((await call('DELETE', { orderId })).message).toBe('Trying to cancel non-open order');
  simulator.close();
});

test('switchable: refused cancels of a batch are told like others; of the innocent ones there is nothing to tell', async () => {
  for (const cancelRefusalsOnStream of [true, false]) {
    const stage = await createAscendexStage({ choices: { cancelRefusalsOnStream } });
    await stage.place();
    const time = stage.runtime.clock.now();
    const ended = { orderId: 'a19b76daa87bU0420042042another01', symbol: 'ASD/USDT', time };
    const body = { orders: [{ orderId: firstId, symbol: 'ASD/USDT', time }, ended] };
    const answer = await stage.signed('DELETE', `${order}/batch`, { prehash: 'order/batch', body });
    expect(answer.body.code).toBe(300013);
    const told = cancelRefusalsOnStream ? ['cancel-refused unknown-order'] : [];
    expect(heard(stage)).toEqual(['accepted', ...told]);
  }
});

test('a refused batch of cancels is told on the stream that sent it', () => {
  const venue = venueCase();
  const client = listening(venue);
  const orders = [{ orderId: firstId, symbol: 'ASD/USDT', time: venue.now() }];
  const answers = client.ask({ op: 'req', action: 'batch-cancel-order', args: { orders } });
  expect(words(answers)).toEqual(['Rejected NoOpenForCancel', 'Err']);
});

test('of a batch that is refused nothing is under way: neither its orders nor its cancels', async () => {
  const stage = await createAscendexStage({ choices: { duplicateIds: 'refused' }, delayMs: () => 100 });
  const time = stage.runtime.clock.now();
  const batch = (method: string, orders: readonly object[]): Promise<Answer> =>
    stage.signed(method, `${order}/batch`, { prehash: 'order/batch', body: { orders } });
  const good = { ...asked, symbol: 'ASD/USDT', time };
  expect((await batch('POST', [good, { ...good, orderQty: '1' }])).body.code).toBe(300013);
  expect((await cancel(stage)).body.code).toBe(300019);
  expect((await stage.place()).body.code).toBe(0);
  stage.runtime.pass(100);
  const live = { orderId: firstId, symbol: 'ASD/USDT', time };
  expect((await batch('DELETE', [live, { ...live, orderId: 'none' }])).body.code).toBe(300013);
  expect((await cancel(stage)).body.code).toBe(0);
});
