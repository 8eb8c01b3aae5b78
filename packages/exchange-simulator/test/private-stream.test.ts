import { expect, test } from 'vitest';
import { createAscendexDialect, createSeededRandom, type User } from '../src/index.ts';
import { type Message, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

/** A client that hears of everything that happens in its cash account. */
function listening(venue: VenueCase, ready = false): VenueClient {
  const client = venue.connect();
  client.logIn(ready);
  client.ask({ op: 'sub', id: 's', ch: 'order:cash' });
  return client;
}

/** Asks for an order: 500 ASD at 0.0712 if nothing else is said. */
function place(venue: VenueCase, client: VenueClient, args: object = {}): readonly Message[] {
  const usual = { time: venue.now(), symbol: 'ASD/USDT', orderType: 'limit', side: 'buy' };
  const order = { ...usual, orderPrice: '0.0712', orderQty: '500', ...args };
  return client.ask({ op: 'req', action: 'place-order', account: 'cash', args: order });
}

function cancel(
  venue: VenueCase,
  client: VenueClient,
  orderId: string,
  id = 'cancelOf1',
): readonly Message[] {
  const args = { id, time: venue.now(), orderId, symbol: 'ASD/USDT' };
  return client.ask({ op: 'req', action: 'cancel-order', account: 'cash', args });
}

/** Statuses of the order messages among others, with their errors. */
function statuses(messages: readonly Message[]): string {
  const updates = messages.filter(({ m, data }) => m === 'order' && data !== undefined);
  return updates.map(({ data }) => [data?.st, data?.err].filter((word) => word !== '').join(' ')).join(', ');
}

function offers(venue: VenueCase, ...levels: readonly (readonly [lots: number, ticks: number])[]): void {
  for (const [sizeLots, priceTicks] of levels) venue.place({ side: 'sell', sizeLots, priceTicks });
}

const orderIdOf = (messages: readonly Message[]): string =>
  messages.map(({ data, info }) => (data ?? (info as Message['data']))?.orderId).find(Boolean) as string;

test('worked example of the protocol: an order that is filled in three parts, to the last digit', () => {
  const venue = venueCase();
  const client = listening(venue);
  offers(venue, [120, 710], [200, 711], [180, 712]);
  const updates = place(venue, client, { id: 'k7Qm2Zt9X' }).filter(({ data }) => data !== undefined);
  const columns = ['st', 'cfq', 'ap', 'cf', 'btb', 'qtb', 'qab'] as const;
  expect(updates.map(({ data }) => columns.map((name) => data?.[name]).join(' '))).toEqual([
    'New 0 0 0 250 1000 964.3644',
    'PartiallyFilled 120 0.071 0.00852 370 991.47148 964.388424',
    'PartiallyFilled 320 0.0710625 0.02274 570 977.23726 964.408444',
    'Filled 500 0.071112 0.035556 750 964.408444 964.408444',
  ]);
});

test('worked example of the protocol: every field of an order message', () => {
  const venue = venueCase();
  const client = listening(venue);
  offers(venue, [120, 710], [200, 711], [100, 713]);
  const [, , update] = place(venue, client, { id: 'k7Qm2Zt9X' });
  expect(update).toEqual({
    m: 'order',
    accountId: 'cshSim000000000000000000000000A1',
    ac: 'CASH',
    data: {
      ...{ s: 'ASD/USDT', sn: expect.any(Number), orderId: 's19b76daa87bU0420042042k7Qm2Zt9X' },
      ...{
        ot: 'Limit',
        sd: 'Buy',
        ei: 'NULL_VAL',
        p: '0.0712',
        q: '500',
        sp: '',
        st: 'PartiallyFilled',
        err: '',
      },
      ...{ ap: '0.0710625', cfq: '320', cf: '0.02274', fa: 'USDT' },
      ...{ btb: '570', bab: '570', qtb: '977.23726', qab: '964.408444', t: 1_767_225_600_123 },
    },
  });
});

const deep = [[500, 712]] as const;

/** Scenario of the protocol's table, what stands in the book, the order, and the statuses in both modes. */
const placements = [
  ['limit rests', [], {}, 'New', 'Ready'],
  ['limit rests below what is offered', [[100, 713]], {}, 'New', 'Ready'],
  ['limit crosses fully', deep, {}, 'New, Filled', 'Filled'],
  [
    'limit crosses fully at two prices',
    [
      [200, 711],
      [300, 712],
    ],
    {},
    'New, PartiallyFilled, Filled',
    'PartiallyFilled, Filled',
  ],
  ['limit crosses partly, the rest stays', [[100, 712]], {}, 'New, PartiallyFilled', 'PartiallyFilled'],
  ['post-only rests', [], { postOnly: true }, 'New', 'Ready'],
  [
    'post-only would cross',
    deep,
    { postOnly: true },
    'New, Canceled PostOnlyWouldTake',
    'Rejected PostOnlyWouldTake',
  ],
  [
    'IOC partly',
    [[100, 712]],
    { timeInForce: 'IOC' },
    'New, PartiallyFilled, Canceled',
    'PartiallyFilled, Canceled',
  ],
  ['IOC nothing', [], { timeInForce: 'IOC' }, 'New, Canceled', 'Canceled'],
  ['FOK not fillable', [[100, 712]], { timeInForce: 'FOK' }, 'New, Canceled', 'Canceled'],
  ['FOK fillable', deep, { timeInForce: 'FOK' }, 'New, Filled', 'Filled'],
  ['market', deep, { orderType: 'market', orderPrice: undefined }, 'New, Filled', 'Filled'],
  [
    'market with a remainder',
    [[100, 712]],
    { orderType: 'market', orderPrice: undefined },
    'New, PartiallyFilled, Canceled',
    'PartiallyFilled, Canceled',
  ],
  ['stop order placed', [], { orderType: 'stop_limit', stopPrice: '0.08' }, 'New', ''],
] as const;

test.each(placements)(
  'documented sequence (Ready-Ack page) or our choice: %s',
  (_name, book, args, inNew, inReady) => {
    for (const [isReady, expected] of [
      [false, inNew],
      [true, inReady],
    ] as const) {
      const venue = venueCase();
      const client = listening(venue, isReady);
      offers(venue, ...book);
      expect(statuses(place(venue, client, args))).toBe(expected);
    }
  },
);

test.each([
  [false, 'PartiallyFilled, Filled', 'New'],
  [true, 'PartiallyFilled, Filled', 'Ready'],
])(
  'documented sequence: an order that rests is filled in two parts (Ready-Ack: %s)',
  (isReady, later, first) => {
    const venue = venueCase();
    const client = listening(venue, isReady);
    expect(statuses(place(venue, client))).toBe(first);
    venue.place({ side: 'sell', sizeLots: 200, priceTicks: 712 });
    venue.place({ side: 'sell', sizeLots: 300, priceTicks: 712 });
    expect(statuses(client.heard())).toBe(later);
  },
);

test.each([
  [false, 'New, Canceled'],
  [true, 'Canceled'],
])('our choice: a market order that finds nothing any more (Ready-Ack: %s)', (isReady, expected) => {
  const venue = venueCase();
  const client = listening(venue, isReady);
  offers(venue, [100, 712]);
  venue.place({ side: 'buy', sizeLots: 100, priceTicks: 712 });
  expect(statuses(place(venue, client, { orderType: 'market', orderPrice: undefined }))).toBe(expected);
});

test('worked example: what was filled stays in the message of a cancel', () => {
  const venue = venueCase();
  const client = listening(venue);
  offers(venue, [200, 712]);
  const orderId = orderIdOf(place(venue, client));
  const [update, reply] = cancel(venue, client, orderId);
  expect(update?.data).toMatchObject({ st: 'Canceled', err: '', cfq: '200', orderId });
  expect(reply).toMatchObject({ action: 'cancel-order', status: 'Ack', info: { id: 'cancelOf1', orderId } });
});

/** A buy that waits until the price has risen to 0.0715, and the trades that bring it there. */
function triggered(isReady: boolean, args: object, choices: object = {}): string {
  const venue = venueCase({ choices });
  const client = listening(venue, isReady);
  offers(venue, [100, 715]);
  place(venue, client, { stopPrice: '0.0715', ...args });
  venue.place({ side: 'buy', sizeLots: 100, priceTicks: 715 });
  return statuses(client.heard());
}

test('our choice: a triggered stop goes on like any other order', () => {
  expect(triggered(false, { orderType: 'stop_limit' })).toBe('');
  expect(triggered(true, { orderType: 'stop_limit' })).toBe('Ready');
  for (const isReady of [false, true])
    expect(triggered(isReady, { orderType: 'stop_market', orderPrice: undefined })).toBe('Canceled');
});

test('our choice, switchable: a triggered stop is announced', () => {
  expect(triggered(false, { orderType: 'stop_limit' }, { announcedTriggers: true })).toBe('New');
  expect(triggered(false, { orderType: 'stop_limit' }, { waitingStopStatus: 'PendingNew' })).toBe('New');
  expect(triggered(true, { orderType: 'stop_limit' }, { announcedTriggers: true })).toBe('Ready');
});

test.each([
  ['canceled', 'New, Canceled PostOnlyWouldTake', 'Canceled PostOnlyWouldTake'],
  ['rejected', 'New, Rejected PostOnlyWouldTake', 'Rejected PostOnlyWouldTake'],
] as const)(
  'our choice, switchable: a post-only order that would cross is %s in both modes',
  (postOnlyCrossing, ...expected) => {
    const found = [false, true].map((isReady) => {
      const venue = venueCase({ choices: { postOnlyCrossing } });
      const client = listening(venue, isReady);
      offers(venue, ...deep);
      return statuses(place(venue, client, { postOnly: true }));
    });
    expect(found).toEqual(expected);
  },
);

test('seen by Hummingbot: a refused cancel looks like a rejected order, and names the one that was meant', () => {
  const venue = venueCase();
  const client = listening(venue);
  offers(venue, [500, 712]);
  const orderId = orderIdOf(place(venue, client));
  expect(cancel(venue, client, orderId)).toMatchObject([
    {
      m: 'order',
      data: {
        ...{ s: 'ASD/USDT', orderId, st: 'Rejected', err: 'TooLateToCancel' },
        ...{ ot: 'NULL_VAL', sd: 'NULL_VAL', p: '0', q: '0', cfq: '0' },
        ...{ btb: '750', bab: '750', qtb: '964.3644', qab: '964.3644' },
      },
    },
    { m: 'order', status: 'Err', info: { code: 300019, message: 'Trying to cancel non-open order' } },
  ]);
});

test('documented (Ready-Ack page): a refused cancel is named after the request, without balances', () => {
  const venue = venueCase();
  const client = listening(venue, true);
  offers(venue, [500, 712]);
  const orderId = orderIdOf(place(venue, client));
  const [update] = cancel(venue, client, orderId, 'k7Qm2Zt9X');
  expect(update?.data).toEqual({
    ...{ sn: expect.any(Number), ot: 'NULL_VAL', s: 'ASD/USDT', t: 1_767_225_600_123 },
    ...{ orderId: 's19b76daa87bU0420042042k7Qm2Zt9X', origOrderId: orderId },
    ...{ st: 'Rejected', err: 'OrderCancelReject', text: 'TooLateToCancel' },
  });
});

test('seen in clients: why a cancel came to nothing', () => {
  for (const isReady of [false, true]) {
    const venue = venueCase();
    const client = listening(venue, isReady);
    const orderId = orderIdOf(place(venue, client));
    const word = (messages: readonly Message[]): unknown => messages[0]?.data?.[isReady ? 'text' : 'err'];
    expect(word(cancel(venue, client, 'a19b76daa87bU0420042042k7Qm2Zt9X'))).toBe('NoOpenForCancel');
    cancel(venue, client, orderId);
    expect(word(cancel(venue, client, orderId))).toBe('DupCancelCoid');
    venue.runtime.pass(2_000);
    expect(word(cancel(venue, client, orderId))).toBe('TooLateToCancel');
  }
});

test('our choice of words: while a pair is halted, a cancel is received and comes to nothing', () => {
  const venue = venueCase();
  const client = listening(venue);
  const orderId = orderIdOf(place(venue, client));
  venue.floor.setStatus('ASD/USDT', 'halted');
  expect(cancel(venue, client, orderId)).toMatchObject([
    { data: { st: 'Rejected', err: 'TradingNotAllowed', orderId } },
    { status: 'Ack' },
  ]);
});

test.each([
  ['lost-confirmation', '', 'New'],
  ['ignored-subscription', '', ''],
  ['refused-subscription', '100005', ''],
] as const)('a fault of subscriptions befalls those to orders: %s', (kind, code, heard) => {
  const venue = venueCase();
  const client = venue.connect();
  client.logIn();
  venue.market.start();
  venue.faults.inject({ kind, atSeconds: 0 });
  const answers = client.ask({ op: 'sub', id: 's', ch: 'order:cash' });
  expect(answers.map((answer) => String(answer.code)).join()).toBe(code);
  expect(statuses(place(venue, client))).toBe(heard);
});

test('our choice, switchable: a refused cancel is answered and not told on the channel', () => {
  const venue = venueCase({ choices: { cancelRefusalsOnStream: false } });
  const client = listening(venue);
  expect(cancel(venue, client, 'a19b76daa87bU0420042042k7Qm2Zt9X')).toMatchObject([{ status: 'Err' }]);
});

test('seen live: a second order of the same id is rejected, and the first lives on', () => {
  const venue = venueCase();
  const client = listening(venue);
  const order = { id: 'k7Qm2Zt9X', orderQty: '100' };
  const first = place(venue, client, order);
  const second = place(venue, client, order);
  expect(statuses(second)).toBe('Rejected DupNewCoid');
  expect(orderIdOf(second)).toBe(orderIdOf(first));
  expect(statuses(cancel(venue, client, orderIdOf(first)))).toBe('Canceled');
});

test('documented: money that no order moved is told by balance messages, to the last digit', () => {
  const venue = venueCase();
  const client = listening(venue);
  client.ask({ op: 'sub', ch: 'order:margin' });
  const [{ cash, margin } = { cash: '', margin: '' }] = venue.users;
  venue.desk.deposit(cash, 'USDT', 300_000_000_001n);
  venue.desk.transfer(cash, margin, 'ASD', 50_000_000_000n);
  expect(client.heard()).toEqual([
    {
      m: 'balance',
      accountId: cash,
      ac: 'CASH',
      data: { a: 'USDT', sn: expect.any(Number), tb: '1300.000000001', ab: '1300.000000001' },
    },
    {
      m: 'balance',
      accountId: cash,
      ac: 'CASH',
      data: { a: 'ASD', sn: expect.any(Number), tb: '200', ab: '200' },
    },
    {
      m: 'balance',
      accountId: margin,
      ac: 'MARGIN',
      data: { a: 'ASD', sn: expect.any(Number), tb: '50', ab: '50' },
    },
  ]);
});

test('documented: numbers rise within an account, over orders, balances and refused cancels', () => {
  const venue = venueCase();
  const client = listening(venue);
  offers(venue, [100, 711], [100, 712]);
  const cash = venue.users[0]?.cash ?? '';
  const heard = [...place(venue, client), ...cancel(venue, client, 'a19b76daa87bU0420042042k7Qm2Zt9X')];
  venue.desk.deposit(cash, 'USDT', 1n);
  heard.push(...client.heard(), ...place(venue, client, { orderQty: '100' }));
  const numbers = heard.flatMap(({ data }) => (data === undefined ? [] : [data.sn as number]));
  expect(numbers.length).toBe(6);
  expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
});

test('every session of a customer hears, in its own mode, and nobody else does', () => {
  const venue = venueCase();
  const [inNew, inReady, stranger] = [listening(venue), listening(venue, true), venue.connect()];
  place(venue, inNew);
  expect(statuses(inReady.heard())).toBe('Ready');
  expect(stranger.heard()).toEqual([expect.objectContaining({ m: 'connected' })]);
});

test('whoever subscribes again, under whatever name, hears everything once', () => {
  const venue = venueCase();
  const client = listening(venue);
  const [{ cash } = { cash: '' }] = venue.users;
  for (const ch of ['order:CASH', `order:${cash}`])
    expect(client.ask({ op: 'sub', ch })).toMatchObject([{ code: 0 }]);
  expect(statuses(place(venue, client))).toBe('New');
});

test.each(['order:cash', 'order', 'order:*', 'order:CASH', 'order:cshSim000000000000000000000000A1'])(
  'documented wildcards: the end of %s ends order and balance messages',
  (ch) => {
    const venue = venueCase();
    const client = listening(venue);
    expect(client.ask({ op: 'unsub', id: 'u', ch })).toEqual([{ m: 'unsub', id: 'u', ch, code: 0 }]);
    expect(place(venue, client)).toMatchObject([{ status: 'Ack' }]);
    venue.desk.deposit(venue.users[0]?.cash ?? '', 'USDT', 1n);
    expect(client.heard()).toEqual([]);
  },
);

test('a session that is gone hears nothing, and leaves nothing behind', () => {
  const venue = venueCase();
  const [gone, client] = [listening(venue), listening(venue)];
  gone.stream.closed();
  place(venue, client);
  expect(gone.heard()).toEqual([]);
});

test('an order that a customer places by hand has the id of one (seen live: r, the time, the user, nine characters)', () => {
  const dialect = createAscendexDialect();
  const user = { uid: 'U0420042042' } as User;
  const id = dialect.nameOrder?.(user, 1_767_225_600_123, createSeededRandom(1));
  expect(id).toMatch(/^r19b76daa87bU0420042042\w{9}$/);
});
