import type { Dict, Trade } from 'ccxt';
import { timeframes } from './bar-lines.ts';
import { asNumber, claim, given, same } from './expectations.ts';
import { impossible, type Line, line } from './line.ts';
import { checkTrades } from './market-lines.ts';
import type { Answer } from './raw-client.ts';
import { openRawStream, type RawStream } from './raw-stream.ts';
import type { Stage } from './stage.ts';
import { eventually } from './waiting.ts';

/** What ccxt watches without keys, compared with a stream of our own. */
export const publicStreamLines: readonly Line[] = [
  line('watchOrderBook', (stage) => checkBooks(stage, undefined)),
  line('watchOrderBook with a limit', (stage) => checkBooks(stage, 5)),
  impossible(
    'watchOrderBook of a market that stands still',
    'ccxt answers only when a change comes after the book, not with the book itself',
    async ({ openStream, otherSymbol }) => {
      // The book is there when the first promise settles; only the next change settles the second.
      const { nonce: first = 0 } = await openStream.watchOrderBook(otherSymbol);
      const { nonce: second = 0 } = await openStream.watchOrderBook(otherSymbol);
      claim(second > first, `the book of ${first} came again`);
    },
  ),
  line('watchTrades', async (stage) => {
    const { openStream, symbol } = stage;
    await withStream(stage, [`trades:${symbol}`], (stream) =>
      watchTrades(stream, [symbol], 3, () => openStream.watchTrades(symbol)),
    );
  }),
  line('watchTradesForSymbols', async (stage) => {
    // On a connection of its own: ccxt does not subscribe again to what it has.
    const { symbol, otherSymbol } = stage;
    const exchange = stage.streamWith();
    await withStream(stage, [`trades:${symbol},${otherSymbol}`], (stream) =>
      watchTrades(stream, [symbol, otherSymbol], 5, () =>
        exchange.watchTradesForSymbols([symbol, otherSymbol]),
      ),
    );
    await exchange.close();
  }),
  ...Object.keys(timeframes).map((timeframe) =>
    line(`watchOHLCV ${timeframe}`, (stage) => checkBar(stage, timeframe)),
  ),
];

async function withStream(
  { simulator }: Stage,
  channels: readonly string[],
  use: (stream: RawStream) => Promise<void>,
): Promise<void> {
  const stream = await openRawStream(simulator.ws);
  try {
    for (const channel of channels) await stream.subscribe(channel);
    await use(stream);
  } finally {
    stream.close();
  }
}

type Side = Map<number, number>;

async function checkBooks(stage: Stage, limit: number | undefined): Promise<void> {
  const { symbol } = stage;
  const exchange = stage.streamWith();
  await withStream(stage, [`depth:${symbol}`], async (stream) => {
    stream.request('depth-snapshot', { symbol });
    for (let changes = 0; changes < 5; ) {
      const { nonce, timestamp, asks, bids } = await exchange.watchOrderBook(symbol, limit);
      // It goes on changing: what is compared is what it is now.
      const told = { asks: levels(asks), bids: levels(bids) };
      const real = await eventually(
        'our own book is as new',
        () => bookAt(stream, symbol, Number(nonce)),
        3_000,
      );
      // A book of before our own began tells nothing.
      if (real === 'older') continue;
      same(`book of ${nonce}`, told, { asks: real.asks, bids: real.bids });
      same(`time of ${nonce}`, timestamp, real.ts);
      changes += 1;
    }
    checkSequence(stream);
    await checkAgainstRest(stage, stream);
  });
  await exchange.close();
}

/** ccxt does not notice a change that is missing. */
function checkSequence(stream: RawStream): void {
  const numbers = stream.messages.filter(({ m }) => m === 'depth').map(({ data }) => data.seqnum);
  const [first = 0] = numbers;
  same(
    'sequence',
    numbers,
    numbers.map((_, index) => first + index),
  );
}

/** What the changes have made of the book is what REST tells of the same moment. */
async function checkAgainstRest({ raw, symbol }: Stage, stream: RawStream): Promise<void> {
  const { real, data } = await eventually('a book by REST that ours has been', async () => {
    const { data } = await raw.read('/api/pro/v1/depth', { symbol });
    const real = bookAt(stream, symbol, data.seqnum);
    return real === undefined || real === 'older' ? undefined : { real, data };
  });
  const numbers = (side: readonly string[][]): number[][] => side.map((level) => level.map(Number));
  same(
    'book by REST',
    { asks: real.asks, bids: real.bids },
    {
      asks: numbers(data.asks).sort(([a = 0], [b = 0]) => a - b),
      bids: numbers(data.bids).sort(([a = 0], [b = 0]) => b - a),
    },
  );
}

function levels(side: readonly Dict[]): number[][] {
  // Its sides are lists of a class of its own.
  return Array.from(side, (level) => [level[0], level[1]]);
}

/** Our own book after a change; `undefined` if that has not come, `older` if it came before our book. */
function bookAt(stream: RawStream, symbol: string, sequence: number): Answer | undefined {
  const ours = stream.messages.filter((message) => message.symbol === symbol);
  const whole = ours.find(({ m }) => m === 'depth-snapshot')?.data;
  if (whole === undefined) return undefined;
  if (whole.seqnum > sequence) return 'older';
  const changes = ours.filter(({ m, data }) => m === 'depth' && data.seqnum > whole.seqnum);
  const applied = changes.map(({ data }) => data).filter(({ seqnum }) => seqnum <= sequence);
  if ((applied.at(-1) ?? whole).seqnum !== sequence) return undefined;
  const [asks, bids]: [Side, Side] = [new Map(), new Map()];
  for (const change of [whole, ...applied]) {
    for (const [price, size] of change.asks) put(asks, Number(price), Number(size));
    for (const [price, size] of change.bids) put(bids, Number(price), Number(size));
  }
  const up = [...asks].sort(([a], [b]) => a - b);
  const down = [...bids].sort(([a], [b]) => b - a);
  return { asks: up, bids: down, ts: (applied.at(-1) ?? whole).ts };
}

function put(side: Side, price: number, size: number): void {
  if (size === 0) side.delete(price);
  else side.set(price, size);
}

async function watchTrades(
  stream: RawStream,
  symbols: readonly string[],
  least: number,
  watch: () => Promise<Trade[]>,
): Promise<void> {
  const seen: Trade[] = [];
  while (seen.length < least) seen.push(...(await watch()));
  for (const symbol of symbols) {
    const told = seen.filter((trade) => trade.symbol === symbol);
    const real = await eventually('the same trades on our own stream', () => match(stream, symbol, told));
    checkTrades(symbol, told, real);
  }
}

/** For each of ccxt's trades one of ours that is the same; `undefined` if there is one without. */
function match(stream: RawStream, symbol: string, told: readonly Trade[]): Answer[] | undefined {
  const ours = stream.messages
    .filter((message) => message.m === 'trades' && message.symbol === symbol)
    .flatMap(({ data }) => data);
  const taken = told.map(({ timestamp, price, amount, side }) => {
    const at = ours.findIndex(
      ({ ts, p, q, bm }) =>
        ts === timestamp && Number(p) === price && Number(q) === amount && bm === (side === 'sell'),
    );
    return at < 0 ? undefined : ours.splice(at, 1)[0];
  });
  return taken.includes(undefined) ? undefined : taken;
}

async function checkBar(stage: Stage, timeframe: string): Promise<void> {
  const { openStream, symbol } = stage;
  const [interval] = given(timeframes[timeframe], timeframe);
  await withStream(stage, [`bar:${interval}:${symbol}`], async (stream) => {
    const bars = await openStream.watchOHLCV(symbol, timeframe);
    const told = [...given(bars.at(-1), 'a bar')];
    const real = await eventually('the same bar on our own stream', () =>
      stream.messages
        .filter(({ m, s, data }) => m === 'bar' && s === symbol && data.i === interval)
        .map(({ data: { ts, o, h, l, c, v } }) => [ts, ...[o, h, l, c, v].map(asNumber)])
        .find((bar) => JSON.stringify(bar) === JSON.stringify(told)),
    );
    same('bar', told, real);
  });
}
