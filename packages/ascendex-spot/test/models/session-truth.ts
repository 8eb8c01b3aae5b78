/** What a recorded session says, worked out by plain means: a map a side and a walk through the lines. */
export interface SessionTruth {
  readonly markets: ReadonlyMap<string, MarketTruth>;
  readonly trades: readonly TradeTruth[];
}

/** One market of the session. */
export interface MarketTruth {
  /** Number of the recorded snapshot. */
  readonly snapshot: bigint;
  /** Numbers of the changes up to the snapshot, which a client must leave out. */
  readonly before: readonly bigint[];
  /** Numbers of the changes after it, in order. */
  readonly after: readonly bigint[];
  /** The book at each number from the snapshot on: levels from the best on. */
  readonly books: ReadonlyMap<bigint, BookTruth>;
}

/** Both sides, best first, as `price amount` without trailing zeros. */
export interface BookTruth {
  readonly bids: readonly string[];
  readonly asks: readonly string[];
}

/** A trade, with its number digit for digit. */
export interface TradeTruth {
  readonly pair: string;
  readonly tradeId: string;
  readonly price: string;
  readonly amount: string;
  readonly side: 'buy' | 'sell';
}

type Row = readonly [price: string, amount: string];

interface DepthFrame {
  readonly m: string;
  readonly symbol: string;
  readonly data: { readonly seqnum: number; readonly bids: readonly Row[]; readonly asks: readonly Row[] };
}

/** Reads the text of a session file. */
export function readSessionTruth(text: string): SessionTruth {
  const frames = [...text.matchAll(/^\d+(?:\.\d+)?: (\{.*\})$/gm)].map(([, json]) => json as string);
  const depth = frames
    .filter((json) => /"m": ?"depth/.test(json))
    .map((json) => JSON.parse(json) as DepthFrame);
  const symbols = new Set(depth.map(({ symbol }) => symbol));
  const markets = new Map([...symbols].map((symbol) => [toPair(symbol), readMarket(depth, symbol)]));
  return { markets, trades: frames.filter((json) => json.includes('"m":"trades"')).flatMap(readTrades) };
}

function toPair(symbol: string): string {
  return symbol.replace('/', '-');
}

function readMarket(frames: readonly DepthFrame[], symbol: string): MarketTruth {
  const own = frames.filter((frame) => frame.symbol === symbol);
  const first = own.find(({ m }) => m === 'depth-snapshot') as DepthFrame;
  const snapshot = BigInt(first.data.seqnum);
  const changes = own.filter(({ m }) => m === 'depth');
  const sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };
  apply(sides, first);
  const books = new Map([[snapshot, sorted(sides)]]);
  const [before, after]: [bigint[], bigint[]] = [[], []];
  for (const change of changes) {
    const number = BigInt(change.data.seqnum);
    (number <= snapshot ? before : after).push(number);
    if (number <= snapshot) continue;
    apply(sides, change);
    books.set(number, sorted(sides));
  }
  return { snapshot, before, after, books };
}

function apply(sides: Record<'bids' | 'asks', Map<string, string>>, { data }: DepthFrame): void {
  for (const side of ['bids', 'asks'] as const) {
    for (const [price, amount] of data[side]) {
      if (Number(amount) === 0) sides[side].delete(shortest(price));
      else sides[side].set(shortest(price), shortest(amount));
    }
  }
}

function sorted(sides: Record<'bids' | 'asks', Map<string, string>>): BookTruth {
  const rows = (side: Map<string, string>, sign: number) =>
    [...side]
      .sort(([a], [b]) => sign * (Number(a) - Number(b)))
      .map(([price, amount]) => `${price} ${amount}`);
  return { bids: rows(sides.bids, -1), asks: rows(sides.asks, 1) };
}

function shortest(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function readTrades(json: string): TradeTruth[] {
  const symbol = /"symbol": ?"([^"]+)"/.exec(json)?.[1] ?? '';
  return [...json.matchAll(/\{"p"[^}]*\}/g)].map(([row]) => {
    const field = (name: string) => new RegExp(`"${name}": ?"?([\\w.]+)`).exec(row)?.[1] ?? '';
    return {
      pair: toPair(symbol),
      tradeId: field('seqnum'),
      price: shortest(field('p')),
      amount: shortest(field('q')),
      side: field('bm') === 'true' ? 'sell' : 'buy',
    };
  });
}
