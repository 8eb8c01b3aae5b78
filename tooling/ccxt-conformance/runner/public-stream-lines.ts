import type { Dict, OHLCV, Trade } from 'ccxt';
import { timeframes } from './bar-lines.ts';
import { asNumber, claim, given, same } from './expectations.ts';
import { impossible, type Line, line } from './line.ts';
import { checkTrades } from './market-lines.ts';
import { checkBookTruth, checkTradesTruth, levelNumbers, wasTrueBar } from './market-truth.ts';
import type { Answer } from './raw-client.ts';
import { openRawStream, type RawStream } from './raw-stream.ts';
import type { Stage } from './stage.ts';
import { stirring } from './stirring.ts';
import { eventually } from './waiting.ts';

/** What ccxt watches without keys, compared with a stream of our own. */
export const publicStreamLines: readonly Line[] = [
  line('watchOrderBook', (stage) => checkBooks(stage, undefined)),
  line('watchOrderBook with a limit', (stage) => checkBooks(stage, 5)),
  impossible(
    'watchOrderBook of a market that stands still',
    'ccxt answers only when a change comes after the book, not with the book itself',
    async (stage) => {
      const { openStream, otherSymbol } = stage;
      // One object tells all of them: its number is kept at once.
      const next = async (): Promise<number> => Number((await openStream.watchOrderBook(otherSymbol)).nonce);
      // The book is there when the first promise settles; only the next change settles the second.
      const [first, second] = await stirring(
        stage,
        [otherSymbol],
        async () => [await next(), await next()] as const,
      );
      claim(second > first, `the book of ${first} came again`);
    },
  ),
  line('watchTrades', async (stage) => {
    const { openStream, symbol } = stage;
    await withStream(stage, [`trades:${symbol}`], (stream) =>
      watchTrades(stage, stream, [symbol], () => openStream.watchTrades(symbol)),
    );
  }),
  line('watchTradesForSymbols', async (stage) => {
    // On a connection of its own: ccxt does not subscribe again to what it has.
    const { symbol, otherSymbol } = stage;
    const exchange = stage.streamWith();
    await withStream(stage, [`trades:${symbol},${otherSymbol}`], (stream) =>
      watchTrades(stage, stream, [symbol, otherSymbol], () =>
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
    await stirring(stage, [symbol], async () => {
      for (let changes = 0; changes < 5; ) {
        // A book of before our own began tells nothing.
        if (await isOurBook(stream, symbol, await exchange.watchOrderBook(symbol, limit))) changes += 1;
      }
    });
    checkSequence(stream);
    await checkAgainstRest(stage, stream);
    await checkAgainstTruth(stage, stream);
  });
  await exchange.close();
}

/** Compares a book of ccxt with our own of that moment; `false` if ours is younger. */
async function isOurBook(stream: RawStream, symbol: string, book: Dict): Promise<boolean> {
  const { nonce, timestamp } = book;
  // It goes on changing: what is compared is what it is now.
  const told = { asks: levels(book.asks), bids: levels(book.bids) };
  const real = await eventually('our own book is as new', () => bookAt(stream, symbol, Number(nonce)), 3_000);
  if (real === 'older') return false;
  same(`book of ${nonce}`, told, { asks: real.asks, bids: real.bids });
  same(`time of ${nonce}`, timestamp, real.ts);
  return true;
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
  same(
    'book by REST',
    { asks: real.asks, bids: real.bids },
    {
      asks: levelNumbers(data.asks).sort(([a = 0], [b = 0]) => a - b),
      bids: levelNumbers(data.bids).sort(([a = 0], [b = 0]) => b - a),
    },
  );
}

/** What the changes have made of the book is what it truly is. */
async function checkAgainstTruth({ truth, symbol }: Stage, stream: RawStream): Promise<void> {
  const { told, book } = await eventually('a true book that ours has been', async () => {
    const book = await truth.book(symbol);
    const told = bookAt(stream, symbol, book.seqnum);
    return told === undefined || told === 'older' ? undefined : { told, book };
  });
  checkBookTruth({ ...told, nonce: book.seqnum, timestamp: told.ts }, book);
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
  stage: Stage,
  stream: RawStream,
  symbols: readonly string[],
  watch: () => Promise<Trade[]>,
): Promise<void> {
  const seen: Trade[] = [];
  const seenOf = (symbol: string): readonly Trade[] => seen.filter((trade) => trade.symbol === symbol);
  await stirring(stage, symbols, async () => {
    while (symbols.some((symbol) => seenOf(symbol).length < 3)) seen.push(...(await watch()));
  });
  for (const symbol of symbols) {
    const told = seenOf(symbol);
    const real = await eventually('the same trades on our own stream', () => match(stream, symbol, told));
    checkTrades(symbol, told, real);
    checkTradesTruth(told, await stage.truth.trades(symbol));
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
    const bars = await stirring(stage, [symbol], () => openStream.watchOHLCV(symbol, timeframe));
    const told = [...given(bars.at(-1), 'a bar')];
    const real = await eventually('the same bar on our own stream', () =>
      stream.messages
        .filter(({ m, s, data }) => m === 'bar' && s === symbol && data.i === interval)
        .map(({ data: { ts, o, h, l, c, v } }) => [ts, ...[o, h, l, c, v].map(asNumber)])
        .find((bar) => JSON.stringify(bar) === JSON.stringify(told)),
    );
    same('bar', told, real);
    const trades = await stage.truth.trades(symbol);
    claim(wasTrueBar(told as OHLCV, trades), `no true trade made the bar ${told}`);
  });
}
