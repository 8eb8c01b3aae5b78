import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toText } from '../src/engine/money.ts';
import { credentials, type Message, type VenueCase, type VenueClient, venueCase } from './stream-venue.ts';

const side = fc.constantFrom('buy' as const, 'sell' as const);
const ticks = fc.integer({ min: 706, max: 716 });
const lots = fc.integer({ min: 1, max: 6 }).map((hundreds) => hundreds * 100);

const own = fc.record({
  who: fc.constant('customer' as const),
  side,
  ticks,
  lots,
  manner: fc.constantFrom('GTC', 'IOC', 'FOK', 'post-only', 'market', 'stop_limit', 'stop_market'),
  stop: ticks,
});
const foreign = fc.record({ who: fc.constant('stranger' as const), side, ticks, lots });
const cancel = fc.record({ who: fc.constant('cancel' as const), which: fc.nat() });
const operations = fc.array(fc.oneof(own, foreign, cancel), { minLength: 1, maxLength: 40 });

type Operation = typeof operations extends fc.Arbitrary<(infer One)[]> ? One : never;
type OwnOrder = Extract<Operation, { who: 'customer' }>;

const price = (count: number): string => `0.0${count}`;

function argsOf({ side: way, ticks: count, lots: size, manner, stop }: OwnOrder, index: number): object {
  const isMarket = manner === 'market' || manner === 'stop_market';
  const isPlain = !manner.includes('market') && manner !== 'stop_limit';
  return {
    ...{
      id: `order${String(index).padStart(4, '0')}`,
      symbol: 'ASD/USDT',
      side: way,
      orderQty: String(size),
    },
    orderType: isPlain ? 'limit' : manner,
    ...(isMarket ? {} : { orderPrice: price(count) }),
    ...(manner.startsWith('stop') ? { stopPrice: price(stop) } : {}),
    ...(isPlain && manner !== 'post-only' ? { timeInForce: manner } : {}),
    ...(manner === 'post-only' ? { postOnly: true } : {}),
  };
}

/** Everything that two sessions of one customer hear, one in each mode. */
interface Play {
  readonly venue: VenueCase;
  readonly inNew: readonly Message[];
  readonly inReady: readonly Message[];
  /** Ids of orders that were in the book after some operation, and nothing of them was filled. */
  readonly whole: ReadonlySet<string>;
}

function play(list: readonly Operation[]): Play {
  const users = [{ group: 4, balances: { USDT: '200', ASD: '2500' }, keys: [credentials] }];
  const venue = venueCase({ users });
  const clients = [false, true].map((isReady): VenueClient => {
    const client = venue.connect();
    client.logIn(isReady);
    client.ask({ op: 'sub', ch: 'order:cash' });
    return client;
  });
  const [inNew, inReady] = clients as [VenueClient, VenueClient];
  const whole = new Set<string>();
  for (const [index, operation] of list.entries()) {
    act(venue, inNew, operation, index);
    for (const { id, phase } of venue.desk.openOrders(cashOf(venue))) if (phase === 'open') whole.add(id);
  }
  return { venue, inNew: updatesOf(inNew), inReady: updatesOf(inReady), whole };
}

function cashOf({ users }: VenueCase): string {
  return users[0]?.cash ?? '';
}

function act(venue: VenueCase, client: VenueClient, operation: Operation, index: number): void {
  const time = venue.now();
  if (operation.who === 'stranger')
    venue.place({ side: operation.side, sizeLots: operation.lots, priceTicks: operation.ticks });
  else if (operation.who === 'customer')
    client.send({ op: 'req', action: 'place-order', args: { ...argsOf(operation, index), time } });
  else {
    const open = venue.desk.openOrders(cashOf(venue));
    const order = open[operation.which % Math.max(1, open.length)];
    const args = { orderId: order?.id, symbol: 'ASD/USDT', time };
    if (order !== undefined) client.send({ op: 'req', action: 'cancel-order', args });
  }
}

function updatesOf(client: VenueClient): readonly Message[] {
  const messages = client.got.map(({ text }) => JSON.parse(text) as Message);
  return messages.filter(({ m, data }) => m === 'order' && data !== undefined);
}

/** Statuses of each order, in words. */
function livesOf(messages: readonly Message[]): ReadonlyMap<string, string> {
  const groups = Map.groupBy(messages, ({ data }) => data?.orderId as string);
  return new Map([...groups].map(([id, list]) => [id, list.map(({ data }) => data?.st).join(' ')]));
}

test('lives of orders keep to the documented transitions of both modes', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const { inNew, inReady } = play(list);
      for (const life of livesOf(inNew).values())
        expect(life).toMatch(/^New( PartiallyFilled)*( Filled| Canceled)?$/);
      for (const life of livesOf(inReady).values())
        expect(life).toMatch(/^(?=.)(Ready)?( ?PartiallyFilled)*( ?Filled| ?Canceled| ?Rejected)?$/);
    }),
  );
});

test('in Ready-Ack mode those orders were Ready that were in the book as a whole, and none that waits or takes', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const { venue, inReady, whole } = play(list);
      const { desk } = venue;
      const cash = cashOf(venue);
      const lives = livesOf(inReady);
      for (const id of whole) expect(lives.get(id)).toMatch(/^Ready/);
      for (const { id, phase, timeInForce, stopTicks } of [
        ...desk.openOrders(cash),
        ...desk.endedOrders(cash),
      ]) {
        if (phase === 'waiting') expect(lives.get(id)).toBeUndefined();
        // One that was triggered may have rested for a part of an operation.
        const isPassing = timeInForce !== 'GTC' || (stopTicks === undefined && !whole.has(id));
        if (isPassing) expect(lives.get(id) ?? '').not.toMatch(/^Ready/);
      }
    }),
  );
});

test('both modes tell the same fills, in rising numbers, and end with what the account has', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const { venue, inNew, inReady } = play(list);
      const fills = (messages: readonly Message[]) =>
        messages.filter(({ data }) => /Filled/.test(String(data?.st))).map(({ data }) => data);
      expect(fills(inReady)).toEqual(fills(inNew));
      for (const messages of [inNew, inReady]) {
        const numbers = messages.map(({ data }) => data?.sn as number);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
      }
      const cash = cashOf(venue);
      const has = (asset: string): string[] => {
        const { total, held } = venue.desk.balance(cash, asset);
        return [toText(total), toText(total - held)];
      };
      const last = inNew.at(-1)?.data;
      if (last === undefined) return;
      expect([last.btb, last.bab, last.qtb, last.qab]).toEqual([...has('ASD'), ...has('USDT')]);
    }),
  );
});

test('prices of fills come out exactly from two messages, as the protocol derives them', () => {
  fc.assert(
    fc.property(operations, (list) => {
      const { venue, inNew } = play(list);
      const before = new Map<string, { cfq: number; value: number }>();
      const prices: string[] = [];
      for (const { data } of inNew) {
        const { orderId, cfq, ap } = data as Record<'orderId' | 'cfq' | 'ap', string>;
        const old = before.get(orderId) ?? { cfq: 0, value: 0 };
        const now = { cfq: Number(cfq), value: Number(cfq) * Number(ap) };
        before.set(orderId, now);
        const dq = now.cfq - old.cfq;
        if (dq > 0)
          prices.push(`${(Math.round(((now.value - old.value) / dq) * 10_000) / 10_000).toFixed(4)} ${dq}`);
      }
      const cash = cashOf(venue);
      const trades = venue.desk.movements(cash).filter(({ fill }) => fill !== undefined);
      const exact = trades.map(({ lines: [base, quote] }) => {
        const [size, value] = [base, quote].map((line) => Math.abs(Number(toText(line?.change ?? 0n))));
        return `${((value ?? 0) / (size ?? 1)).toFixed(4)} ${size}`;
      });
      expect(prices).toEqual(exact);
    }),
  );
});
