import type { Report, ReportedTrade } from '../../src/report.ts';

/**
 * What a recorded session must yield, worked out from its text alone: plain maps, prices compared as text padded to one length.
 * It shares no code with the simulator or the connector.
 */
export interface ExpectedSession {
  readonly pairs: Readonly<
    Record<string, Pick<Report['pairs'][string], 'bid' | 'ask' | 'applied' | 'dropped'>>
  >;
  readonly trades: readonly ReportedTrade[];
}

interface Change {
  readonly seqnum: bigint;
  readonly asks: readonly (readonly [string, string])[];
  readonly bids: readonly (readonly [string, string])[];
}

interface Recorded {
  readonly changes: Change[];
  snapshot: Change | undefined;
}

/** Reads the session and applies the venue's rules: leave out what the snapshot contains, apply what follows it. */
export function expectSession(text: string): ExpectedSession {
  const recorded = new Map<string, Recorded>();
  const trades: ReportedTrade[] = [];
  for (const line of text.split('\n')) {
    const frame = /^\d+(?:\.\d+)?: (\{.*\})\s*$/.exec(line)?.[1];
    if (frame === undefined) continue;
    // Numbers beyond 2^53 must not pass through a float.
    const message = JSON.parse(frame.replaceAll(/"seqnum"\s*:\s*(\d+)/g, '"seqnum":"$1"'));
    if (message.m === 'trades')
      trades.push(...message.data.map((data: unknown) => toTrade(message.symbol, data)));
    if (message.m !== 'depth' && message.m !== 'depth-snapshot') continue;
    const entry = recorded.get(message.symbol) ?? { changes: [], snapshot: undefined };
    recorded.set(message.symbol, entry);
    const change = { ...message.data, seqnum: BigInt(message.data.seqnum) };
    if (message.m === 'depth') entry.changes.push(change);
    else entry.snapshot ??= change;
  }
  const pairs = [...recorded].map(([symbol, entry]) => [toPair(symbol), settle(entry)] as const);
  return { pairs: Object.fromEntries(pairs), trades };
}

function settle({ changes, snapshot }: Recorded): ExpectedSession['pairs'][string] {
  const sides = { asks: new Map<string, string>(), bids: new Map<string, string>() };
  const later = changes.filter((change) => snapshot !== undefined && change.seqnum > snapshot.seqnum);
  for (const change of snapshot === undefined ? [] : [snapshot, ...later]) {
    for (const side of ['asks', 'bids'] as const) {
      for (const [price, size] of change[side]) {
        if (/^0(\.0*)?$/.test(size)) sides[side].delete(shortest(price));
        else sides[side].set(shortest(price), size);
      }
    }
  }
  const asks = [...sides.asks.keys()].sort(byPrice);
  const bids = [...sides.bids.keys()].sort(byPrice);
  const [dropped, applied] = [changes.length - later.length, later.length];
  return { bid: bids.at(-1) ?? null, ask: asks[0] ?? null, applied, dropped };
}

interface RecordedTrade {
  readonly p: string;
  readonly q: string;
  readonly ts: number;
  readonly bm: boolean;
  readonly seqnum: string;
}

function toTrade(symbol: string, data: unknown): ReportedTrade {
  const { p, q, ts, bm, seqnum } = data as RecordedTrade;
  const side = bm ? 'sell' : 'buy';
  return { pair: toPair(symbol), price: shortest(p), amount: shortest(q), side, seqnum, venueTimeMs: ts };
}

function toPair(symbol: string): string {
  return symbol.replace('/', '-');
}

function shortest(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function byPrice(a: string, b: string): number {
  return padded(a) < padded(b) ? -1 : 1;
}

function padded(price: string): string {
  const [whole = '', fraction = ''] = price.split('.');
  return `${whole.padStart(30, '0')}.${fraction.padEnd(30, '0')}`;
}
