import { getEventListeners } from 'node:events';
import { type ConnectorEvent, VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { createManualRuntime, settle } from '../testing/manual-runtime.ts';
import { type ConnectorLife, type ConnectorLifeOptions, createConnectorLife } from './connector-life.ts';

/** A connector whose attempts end when the test says so. */
function setUp(options: Partial<ConnectorLifeOptions> = {}) {
  const runtime = createManualRuntime();
  const attempts: { readonly signal: AbortSignal; readonly done: PromiseWithResolvers<void> }[] = [];
  const closed: string[] = [];
  const life = createConnectorLife({
    ...{ runtime, venue: 'v' },
    connect: (signal) => {
      const done = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => done.reject(signal.reason), { once: true });
      attempts.push({ signal, done });
      return done.promise;
    },
    close: () => void closed.push('closed'),
    ...options,
  });
  const connector = life.connectorWith({ capabilities: {} });
  const events: ConnectorEvent[] = [];
  connector.events.subscribe((event) => events.push(event));
  return { runtime, life, connector, attempts, closed, events };
}

function storyOf(events: readonly ConnectorEvent[]): string[] {
  return events.map((event) => (event.kind === 'connection' ? event.state : event.kind));
}

const fateOf = async (promise: Promise<unknown>) => {
  const fate = { now: 'pending' };
  promise.then(
    () => Object.assign(fate, { now: 'resolved' }),
    (error) => Object.assign(fate, { now: error.code ?? error.message }),
  );
  await settle();
  return fate.now;
};

test('a connector has its life and its facets, and getters stay live', async () => {
  const { life } = setUp({ connect: async () => {} });
  let asked = 0;
  const connector = life.connectorWith({
    capabilities: {},
    get loaded() {
      asked += 1;
      return asked;
    },
  });
  expect([connector.venue, connector.contractVersion, connector.state]).toEqual(['v', 1, 'idle']);
  const { connect, close } = connector;
  await connect();
  expect([connector.state, connector.loaded, connector.loaded]).toEqual(['live', 1, 2]);
  await close();
  expect(connector.state).toBe('closed');
});

test('calls of connect share one attempt, and each keeps its own deadline', async () => {
  const { connector, runtime, attempts } = setUp({ awaited: () => 'a greeting' });
  const first = connector.connect({ timeoutMs: 9_000 });
  const second = connector.connect({ timeoutMs: 100 });
  expect(attempts).toHaveLength(1);
  await runtime.advance(100);
  await expect(second).rejects.toThrow('[v] connect: expected a greeting within 100 ms, got none');
  expect(connector.state).toBe('connecting');
  await runtime.advance(8_900);
  await expect(first).rejects.toMatchObject({ code: 'timeout' });
  expect(attempts[0]?.signal.aborted).toBe(true);
  expect([connector.state, runtime.waiting]).toEqual(['idle', []]);
});

test('a call that says nothing waits for 20 s, or for what the connector says', async () => {
  for (const [options, waitMs] of [
    [{}, 20_000],
    [{ connectTimeoutMs: 7_000 }, 7_000],
  ] as const) {
    const { connector, runtime } = setUp(options);
    const connecting = connector.connect();
    await runtime.advance(waitMs - 1);
    expect(await fateOf(connecting)).toBe('pending');
    await runtime.advance(1);
    expect(await fateOf(connecting)).toBe('timeout');
  }
});

test('the signal of one call ends that call alone, and nothing stays on it', async () => {
  const { connector, attempts } = setUp();
  const abort = new AbortController();
  const other = new AbortController();
  const first = connector.connect({ signal: abort.signal });
  const second = connector.connect({ signal: other.signal });
  const reason = new Error('the first one gave up');
  abort.abort(reason);
  await expect(first).rejects.toBe(reason);
  expect([await fateOf(second), attempts[0]?.signal.aborted]).toEqual(['pending', false]);
  attempts[0]?.done.resolve();
  await second;
  expect(getEventListeners(other.signal, 'abort')).toHaveLength(0);
});

test('a call right after the last one left is an attempt of its own', async () => {
  const { connector, attempts, events } = setUp();
  const abort = new AbortController();
  const first = connector.connect({ signal: abort.signal });
  abort.abort(new Error('enough'));
  const second = connector.connect();
  expect(connector.state).toBe('connecting');
  attempts[1]?.done.resolve();
  expect([await fateOf(first), await fateOf(second)]).toEqual(['enough', 'resolved']);
  expect(storyOf(events)).toEqual(['idle', 'connecting', 'idle', 'connecting', 'live']);
});

test('a failed attempt says why, and connect may be called again', async () => {
  const { connector, attempts, events } = setUp();
  const failing = connector.connect();
  attempts[0]?.done.reject(new VenueError({ code: 'transport', message: 'no route' }));
  await expect(failing).rejects.toMatchObject({ code: 'transport' });
  expect(events.at(-1)).toMatchObject({ state: 'idle', reason: 'no route' });
  const again = connector.connect();
  attempts[1]?.done.resolve();
  await again;
  await connector.connect();
  expect([connector.state, attempts.length]).toEqual(['live', 2]);
});

test('an aborted signal rejects also when the connector is live', async () => {
  const { connector } = setUp({ connect: async () => {} });
  await connector.connect();
  const reason = new Error('too late');
  await expect(connector.connect({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  expect(connector.state).toBe('live');
});

test('after close has resolved no timer and no pending connect is left, and it closes once', async () => {
  const { connector, runtime, events, closed } = setUp();
  let ended = 0;
  const onEnd = () => {
    ended += 1;
  };
  connector.events.subscribe(() => {}, { onEnd });
  const connecting = connector.connect();
  const [one, two] = [connector.close(), connector[Symbol.asyncDispose]()];
  await expect(connecting).rejects.toMatchObject({
    code: 'closed',
    message: expect.stringContaining('was closed'),
  });
  await Promise.all([one, two, connector.close()]);
  expect([runtime.waiting, closed, ended]).toEqual([[], ['closed'], 1]);
  expect(storyOf(events)).toEqual(['idle', 'connecting', 'closed']);
  await expect(connector.connect()).rejects.toMatchObject({ code: 'closed' });
});

test('a listener that closes the connector as it begins to connect ends the attempt', async () => {
  const { connector, runtime, life } = setUp();
  const closings: Promise<void>[] = [];
  connector.events.subscribe((event) => {
    if (event.kind === 'connection' && event.state === 'connecting') closings.push(connector.close());
  });
  await expect(connector.connect()).rejects.toMatchObject({ code: 'closed' });
  await Promise.all(closings);
  life.live();
  life.down('late');
  expect([closings.length, connector.state, runtime.waiting]).toEqual([1, 'closed', []]);
});

test('close called inside close is the same close, and what ends then is heard no more', async () => {
  const story: unknown[] = [];
  const made = setUp({
    close: () => {
      story.push(made.life.ending.aborted, made.connector.close() === closing.at(0));
      made.life.down('the stream was closed');
    },
  });
  const closing: Promise<void>[] = [];
  closing.push(made.connector.close());
  await closing[0];
  // Inside, the promise was known, but the caller had not got it yet.
  expect(story).toEqual([true, false]);
  expect(made.connector.close()).toBe(closing[0]);
  expect(storyOf(made.events)).toEqual(['idle', 'closed']);
});

test('a part that cannot be closed rejects the close; the connector is closed all the same', async () => {
  for (const close of [
    () => Promise.reject(new Error('stuck')),
    () => {
      throw new Error('stuck');
    },
  ]) {
    const { connector, events } = setUp({ close });
    await expect(connector.close()).rejects.toThrow('stuck');
    expect(storyOf(events)).toEqual(['idle', 'closed']);
  }
});

test('an outage is one gap from its first moment, told before live', async () => {
  const { life, connector, runtime, events } = setUp({ connect: async () => {} });
  await connector.connect();
  const startMs = runtime.clock.now();
  await runtime.advance(1_000);
  life.down('lost', startMs + 400);
  life.down('still lost');
  await runtime.advance(2_000);
  life.live();
  expect(storyOf(events)).toEqual(['idle', 'connecting', 'live', 'down', 'gap', 'live']);
  expect(events.at(-2)).toMatchObject({ fromMs: startMs + 400, toMs: startMs + 3_000 });
  life.degraded('orders are late');
  life.live();
  life.down('lost again');
  life.live();
  expect(events.at(-2)).toMatchObject({ fromMs: startMs + 3_000, toMs: startMs + 3_000 });
  expect(events.filter(({ kind }) => kind === 'gap')).toHaveLength(2);
});

test('a connection that was lost before connect resolved is not called live', async () => {
  const { life, connector, attempts } = setUp();
  const connecting = connector.connect();
  life.live();
  life.down('lost');
  attempts[0]?.done.resolve();
  await connecting;
  expect(connector.state).toBe('down');
});

test('refusals are told with whose they are', () => {
  const { life, events, runtime } = setUp();
  const error = new VenueError({ code: 'protocol', message: 'what?' });
  life.dataRefused(error, { pair: 'A-B', stream: 'book' });
  life.subscriptionRefused('A-B', 'trades', error);
  const atMs = runtime.clock.now();
  expect(events.slice(1)).toEqual([
    { kind: 'data-refused', pair: 'A-B', stream: 'book', error, atMs },
    { kind: 'subscription-refused', pair: 'A-B', stream: 'trades', error, atMs },
  ]);
});

test('what is there only after connect is refused before, and given from the first connect on, also after close', async () => {
  const life = createConnectorLife({
    runtime: createManualRuntime(),
    venue: 'v',
    connect: async () => {},
    close() {},
  });
  const connector = life.connectorWith({ capabilities: {} });
  expect(() => life.afterConnect('list')).toThrow(
    expect.objectContaining({ code: 'not-connected', venue: 'v' }),
  );
  await connector.connect();
  expect(life.afterConnect('list')).toBe('list');
  await connector.close();
  expect(life.afterConnect('list')).toBe('list');
});

test('a connector that is live before its attempt has ended is not yet connected', async () => {
  const { life, connector, attempts } = setUp();
  const first = connector.connect();
  life.live();
  const second = connector.connect();
  expect([await fateOf(first), await fateOf(second)]).toEqual(['pending', 'pending']);
  attempts[0]?.done.resolve();
  await Promise.all([first, second]);
  expect([connector.state, attempts.length]).toEqual(['live', 1]);
});

test.each([
  ['idle', 'idle', () => {}],
  ['down', 'down', (life: ConnectorLife) => life.down('lost')],
  ['degraded', 'degraded', (life: ConnectorLife) => life.degraded('late')],
] as const)('a failed attempt that was live meanwhile leaves what was %s %s', async (_, after, before) => {
  const { life, connector, attempts, events, runtime } = setUp();
  before(life);
  const connecting = connector.connect();
  life.live();
  await runtime.advance(1_000);
  attempts[0]?.done.reject(new Error('no login'));
  await expect(connecting).rejects.toThrow('no login');
  expect(events.at(-1)).toMatchObject({ state: after, reason: 'no login' });
  const failedAtMs = runtime.clock.now();
  const again = connector.connect();
  await runtime.advance(500);
  life.live();
  attempts[1]?.done.resolve();
  await again;
  expect(events.at(-2)).toMatchObject({ kind: 'gap', fromMs: failedAtMs, toMs: failedAtMs + 500 });
  expect(connector.state).toBe('live');
});

test('whatever a failed first attempt said, the connector is idle, also if its last caller left', async () => {
  const { life, connector, attempts } = setUp();
  const failing = connector.connect();
  life.live();
  life.down('lost');
  attempts[0]?.done.reject(new Error('no login'));
  expect([await fateOf(failing), connector.state]).toEqual(['no login', 'idle']);
  const abort = new AbortController();
  const leaving = connector.connect({ signal: abort.signal });
  life.live();
  abort.abort(new Error('enough'));
  expect([connector.state, await fateOf(leaving)]).toEqual(['idle', 'enough']);
});

test('what was down before the first connect is live after it; what is degraded stays so', async () => {
  const { life, connector } = setUp({ connect: async () => {} });
  life.down('not there yet');
  await connector.connect();
  expect(connector.state).toBe('live');
  life.degraded('orders are late');
  await connector.connect();
  expect(connector.state).toBe('degraded');
});

test('an attempt that was given up and ends all the same does not make the next one live', async () => {
  const attempts: PromiseWithResolvers<void>[] = [];
  const { connector } = setUp({
    connect: () => {
      attempts.push(Promise.withResolvers<void>());
      return attempts.at(-1)?.promise ?? Promise.resolve();
    },
  });
  const abort = new AbortController();
  const first = fateOf(connector.connect({ signal: abort.signal }));
  abort.abort(new Error('enough'));
  const second = connector.connect();
  attempts[0]?.resolve();
  expect([await first, await fateOf(second), connector.state]).toEqual(['enough', 'pending', 'connecting']);
  attempts[1]?.resolve();
  await second;
  expect(connector.state).toBe('live');
});

test('a degraded connection tells each new reason, and the same one once', () => {
  const { life, events } = setUp();
  for (const reason of ['late', 'late', 'later']) life.degraded(reason);
  expect(events.slice(1)).toMatchObject([{ reason: 'late' }, { reason: 'later' }]);
});

test('a part that says live while it is closed is not heard, and tells no gap', async () => {
  const made = setUp({ close: () => made.life.live() });
  made.life.down('lost');
  await made.connector.close();
  expect(storyOf(made.events)).toEqual(['idle', 'down', 'closed']);
  expect(() => made.life.afterConnect('list')).toThrow(expect.objectContaining({ code: 'closed' }));
});

test('close waits for every attempt that still ends, also if a part cannot be closed', async () => {
  const ends: PromiseWithResolvers<void>[] = [];
  const { connector, runtime } = setUp({
    connect: () => {
      ends.push(Promise.withResolvers<void>());
      return ends.at(-1)?.promise ?? Promise.resolve();
    },
    close: () => Promise.reject(new Error('stuck')),
  });
  const abort = new AbortController();
  const connecting = [connector.connect({ signal: abort.signal })].map(fateOf);
  abort.abort(new Error('enough'));
  connecting.push(fateOf(connector.connect()));
  const closing = connector.close();
  expect([await fateOf(closing), connector.state]).toEqual(['pending', 'connecting']);
  ends[1]?.resolve();
  expect([await fateOf(closing), connector.state]).toEqual(['pending', 'connecting']);
  ends[0]?.resolve();
  await expect(closing).rejects.toThrow('stuck');
  expect(await Promise.all(connecting)).toEqual(['enough', 'closed']);
  expect([connector.state, runtime.waiting]).toEqual(['closed', []]);
});

test('close waits for nothing where every attempt has ended', async () => {
  const { connector, attempts, runtime } = setUp();
  const failing = fateOf(connector.connect());
  attempts[0]?.done.reject(new Error('no'));
  await failing;
  const closing = connector.close();
  expect(runtime.waiting).toEqual([]);
  await closing;
});

test('an attempt that waits for the close of its own connector ends after 5 s with timeout', async () => {
  const heard: unknown[] = [];
  const made = setUp({
    connect: async () => {
      await made.connector.close().catch((error) => heard.push(error.code));
    },
  });
  const connecting = fateOf(made.connector.connect());
  const closing = made.connector.close();
  await made.runtime.advance(4_999);
  expect(heard).toEqual([]);
  const rejected = expect(closing).rejects.toMatchObject({
    ...{ code: 'timeout', operation: 'close' },
    message: expect.stringContaining('within 5000 ms of its abort, got none'),
  });
  await made.runtime.advance(1);
  await rejected;
  expect([await connecting, heard, made.connector.state]).toEqual(['closed', ['timeout'], 'closed']);
  expect(storyOf(made.events)).toEqual(['idle', 'connecting', 'closed']);
  expect(made.runtime.waiting).toEqual([]);
});

test('whoever hears of a failure may try again and leave at once: that attempt has no other callers', async () => {
  const { connector, attempts } = setUp();
  const failing = connector.connect();
  const fates: Promise<unknown>[] = [];
  connector.events.subscribe((event) => {
    if (event.kind !== 'connection' || event.reason !== 'no') return;
    const abort = new AbortController();
    fates.push(fateOf(connector.connect({ signal: abort.signal })));
    abort.abort(new Error('enough'));
  });
  attempts[0]?.done.reject(new Error('no'));
  await expect(failing).rejects.toThrow('no');
  expect([await fates[0], attempts[1]?.signal.aborted]).toEqual(['enough', true]);
});
