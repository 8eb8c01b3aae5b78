import { afterEach, expect, test } from 'vitest';
import {
  createExchangeSimulator,
  createSeededRandom,
  createVirtualTime,
  type ExchangeSimulator,
  type Fault,
} from '../src/index.ts';

const startMs = Date.UTC(2026, 0, 5, 12);
const minuteMs = 60_000;

let open: ExchangeSimulator | undefined;
afterEach(() => open?.close());

interface Bar {
  readonly data: { readonly ts: number; readonly c: string };
}

/** A world by a clock that is moved by hand, with a client of its bars. */
function stage() {
  const time = createVirtualTime(startMs);
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 'a', pairs: 1 },
    runtime: { ...time, random: createSeededRandom('runtime') },
  });
  open = simulator;
  const frames: string[] = [];
  const send = (text: string): void => void frames.push(text);
  const stream = simulator.connect(simulator.streamPath, {
    ...{ send, pong() {}, cut() {}, close() {}, bufferedBytes: 0 },
  });
  if (!('receive' in stream)) throw new Error('the stream was refused');
  stream.receive('{"op":"sub","ch":"bar:1:BTC/USDT"}');
  const ask = async (path: string): Promise<unknown> => {
    const response = await simulator.fetch(new Request(`http://v.test/api/pro/v1/${path}`));
    return ((await response.json()) as { data: unknown }).data;
  };
  return {
    simulator,
    pass(minutes: number): void {
      for (let step = 0; step < minutes * 6; step += 1) {
        stream.receive('{"op":"ping"}');
        time.runUntil(time.clock.now() + minuteMs / 6);
      }
    },
    /** Minutes since the start, of the newest bars. */
    async minutes(): Promise<readonly number[]> {
      const bars = (await ask('barhist?symbol=BTC/USDT&interval=1&n=4')) as readonly Bar[];
      return bars.map(({ data: { ts } }) => (ts - startMs) / minuteMs);
    },
    ticker: async () =>
      (await ask('ticker?symbol=BTC/USDT')) as {
        close: string;
        bid: [string, string];
        ask: [string, string];
      },
    takeBars: () => frames.splice(0).filter((text) => text.startsWith('{"m":"bar"')),
  };
}

test.each<[string, Omit<Fault, 'atSeconds'>]>([
  ['ahead by an hour', { kind: 'clock-skew', seconds: 3_600 }],
  ['ahead by forty days', { kind: 'clock-skew', seconds: 40 * 86_400 }],
  ['behind by two days', { kind: 'clock-skew', seconds: -2 * 86_400 }],
  ['ever farther ahead', { kind: 'clock-drift', seconds: 1_000_000 }],
  ['standing still', { kind: 'clock-stop' }],
])('bars and the ticker go on when the venue’s clock was %s', async (_what, fault) => {
  const { simulator, pass, minutes, ticker, takeBars } = stage();
  pass(5);
  expect(await minutes()).toEqual([1, 2, 3, 4]);
  const id = simulator.inject({ ...fault, atSeconds: 0 });
  pass(3);
  simulator.endFault(id);
  takeBars();
  pass(5);
  // Also those of the fault are there, at the times that they were of.
  expect(await minutes()).toEqual([9, 10, 11, 12]);
  expect(takeBars().length).toBeGreaterThan(20);
  const { close, bid, ask: offer } = await ticker();
  const middle = (Number(bid[0]) + Number(offer[0])) / 2;
  expect(Math.abs(Number(close) / middle - 1)).toBeLessThan(0.000_5);
});
