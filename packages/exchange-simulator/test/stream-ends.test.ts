import { afterEach, expect, test } from 'vitest';
import {
  createExchangeSimulator,
  type Dialect,
  type ExchangeSimulator,
  type Fault,
  type StreamConnection,
} from '../src/index.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from './hand-made-runtime.ts';
import { createPlainDialect } from './plain-dialect.ts';

const open: ExchangeSimulator[] = [];

afterEach(() => {
  for (const simulator of open.splice(0)) simulator.close();
});

interface Stage {
  readonly simulator: ExchangeSimulator;
  readonly runtime: HandMadeRuntime;
  /** What the dialect was told of its stream, in order. */
  readonly told: readonly string[];
  /** How the stream was ended for its client. */
  readonly ends: readonly string[];
  readonly stream: StreamConnection;
}

/** One stream of a dialect that notes what it hears. */
function openStage(hear: (text: string) => void = () => {}): Stage {
  const plain = createPlainDialect();
  const { name, nameUser } = plain;
  const told: string[] = [];
  const ends: string[] = [];
  const openStream = (): StreamConnection => ({
    receive: (text) => {
      told.push(text);
      hear(text);
    },
    pinged: () => void told.push('pinged'),
    drained: () => void told.push('drained'),
    closed: () => void told.push('closed'),
  });
  const dialect: Dialect = { name, nameUser, open: (venue) => ({ ...plain.open(venue), openStream }) };
  const market = { kind: 'synthetic', seed: 1, pairs: 1, traders: false } as const;
  const runtime = createHandMadeRuntime();
  const simulator = createExchangeSimulator({ market, dialect, runtime });
  open.push(simulator);
  const cut = (): void => void ends.push('cut');
  const close = (code: number): void => void ends.push(`close ${code}`);
  const stream = simulator.connect({}, { send() {}, pong() {}, cut, close, bufferedBytes: 0 });
  if ('refusedWith' in stream) throw new Error(`refused with ${stream.refusedWith}`);
  return { simulator, runtime, told, ends, stream };
}

/** Everything that whoever carries a stream can tell, twice. */
function tellAll(stream: StreamConnection): void {
  for (let time = 0; time < 2; time += 1) {
    stream.receive('place order');
    stream.pinged(new Uint8Array());
    stream.drained();
    stream.closed();
  }
}

test.each<[string, Fault, string]>([
  ['a fault that closes it', { kind: 'close', atSeconds: 0, code: 4001 }, 'close 4001'],
  ['a fault that cuts it', { kind: 'drop', atSeconds: 0 }, 'cut'],
])('a dialect hears of the end of a stream by %s once, and nothing after it', (_what, fault, end) => {
  const { simulator, told, ends, stream } = openStage();
  stream.receive('before');
  simulator.inject(fault);
  tellAll(stream);
  expect([told, ends]).toEqual([['before', 'closed'], [end]]);
  expect(simulator.stats.connections.open).toBe(0);
});

test('nothing comes after a message that was too long, nor after a second one', () => {
  const { simulator, told, ends, stream } = openStage();
  for (let time = 0; time < 2; time += 1) stream.receive('x'.repeat((1 << 20) + 1));
  expect(simulator.stats.connections.open).toBe(0);
  tellAll(stream);
  expect([told, ends]).toEqual([['closed'], ['close 1009']]);
});

test('nothing comes after the close of the simulator, or after its client has gone', () => {
  const [one, other] = [openStage(), openStage()];
  one.simulator.close();
  tellAll(one.stream);
  expect([one.told, one.ends]).toEqual([['closed'], ['cut']]);
  other.stream.closed();
  tellAll(other.stream);
  expect([other.told, other.ends]).toEqual([['closed'], []]);
});

test('what was kept back from a dialect is not told after the end', () => {
  const { simulator, runtime, told, stream } = openStage();
  simulator.inject({ kind: 'deaf', atSeconds: 0, durationSeconds: 5 });
  stream.receive('kept back');
  simulator.inject({ kind: 'drop', atSeconds: 0 });
  runtime.pass(10_000);
  expect(told).toEqual(['closed']);
});

test('a dialect that throws at what was kept back from it throws at nobody else', () => {
  const { simulator, runtime, told, ends, stream } = openStage(() => {
    throw new Error('a mistake in it');
  });
  simulator.inject({ kind: 'deaf', atSeconds: 0, durationSeconds: 5 });
  for (const text of ['1', '2']) stream.receive(text);
  runtime.pass(10_000);
  expect([told, ends]).toEqual([['1', 'closed'], ['cut']]);
});
