import assert from 'node:assert/strict';
import { type ConnectorEvent, contractVersion } from '@venuekit/connector-core';
import type { Card } from './card.ts';
import type { CardContext } from './card-context.ts';

/** From the factory to the end: nothing before `connect`, nothing after `close`. */
export const lifecycleCards: readonly Card[] = [
  card('010', 'a connector that was only made does nothing', async (context) => {
    const { connector, world } = context;
    assert.deepEqual(context.left, nothing, 'expected no timer, socket or request before connect');
    await context.pass(10_000);
    assert.deepEqual(context.left, nothing, 'expected no timer, socket or request before connect');
    assert.equal(world.process('client').operations, 0, 'expected nothing to be sent before connect');
    assert.equal(connector.state, 'idle');
  }),
  card(
    '020',
    'its version, its claims and its facets are what it says',
    async ({ connector, capabilities }) => {
      assert.equal(connector.contractVersion, contractVersion);
      assert.deepEqual(connector.capabilities, capabilities, 'expected the claims of the target');
      assert.match(connector.venue, /^[a-z0-9]+(?:[_-][a-z0-9]+)*$/);
      for (const facet of ['marketData', 'trading', 'candles'] as const) {
        const claimed = connector.capabilities[facet] !== undefined;
        assert.equal(facet in connector, claimed, `expected the facet ${facet} if and only if it is claimed`);
      }
    },
  ),
  card(
    '030',
    'connect resolves when it is live, and every state on the way is told once',
    async (context) => {
      const states = statesOf(context);
      await context.connect();
      assert.equal(context.connector.state, 'live');
      assert.deepEqual(states, ['idle', 'connecting', 'live']);
    },
  ),
  card('040', 'overlapping and later calls of connect share one connection', async (context) => {
    const states = statesOf(context);
    const { connector } = context;
    await context.settled(Promise.all([connector.connect(), connector.connect()]));
    await context.settled(connector.connect());
    assert.equal(connector.state, 'live');
    assert.deepEqual(states, ['idle', 'connecting', 'live']);
  }),
  card('050', 'close leaves no timer, socket or request behind', async (context) => {
    await context.connect();
    await context.settled(context.connector.close());
    assert.deepEqual(context.left, nothing);
    assert.equal(context.connector.state, 'closed');
  }),
  card('060', 'close may be called again, and is what await using calls', async (context) => {
    const { connector } = context;
    await context.connect();
    await context.settled(
      Promise.all([connector.close(), connector.close(), connector[Symbol.asyncDispose]()]),
    );
    await context.settled(connector.close());
    assert.equal(connector.state, 'closed');
  }),
  card('070', 'a connector that was never connected can be closed', async (context) => {
    await context.settled(context.connector.close());
    assert.equal(context.connector.state, 'closed');
    assert.deepEqual(context.left, nothing);
  }),
  card('080', 'after close, connect is refused with code closed', async (context) => {
    await context.settled(context.connector.close());
    await context.refused('closed', context.connector.connect());
  }),
  card('090', 'an aborted signal rejects with its own reason, and begins nothing', async (context) => {
    const reason = new Error('the caller left');
    const connecting = context.connector.connect({ signal: AbortSignal.abort(reason) });
    await context.settled(assert.rejects(connecting, (error) => error === reason));
    assert.deepEqual(context.left, nothing);
  }),
  card('100', 'close during connect ends both, and leaves nothing', async (context) => {
    const connecting = context.connector.connect();
    const ended = connecting.then(
      () => 'resolved',
      (error: { readonly code?: string }) => error.code,
    );
    await context.settled(context.connector.close());
    const outcome = await context.settled(ended);
    assert.ok(outcome === 'resolved' || outcome === 'closed', `expected code closed, got ${outcome}`);
    assert.equal(context.connector.state, 'closed');
    assert.deepEqual(context.left, nothing);
  }),
  card(
    '110',
    'the feed of events ends with the connector, and a listener that comes later hears the end',
    async (context) => {
      const { connector } = context;
      const states = statesOf(context);
      let ends = 0;
      connector.events.subscribe(() => {}, {
        onEnd: () => {
          ends += 1;
        },
      });
      await context.connect();
      await context.settled(connector.close());
      assert.equal(ends, 1, 'expected onEnd once');
      assert.equal(states.at(-1), 'closed', 'expected to hear of the close before the end');
      let lateEnds = 0;
      connector.events.subscribe(() => {}, {
        onEnd: () => {
          lateEnds += 1;
        },
      });
      assert.equal(lateEnds, 1, 'expected onEnd for who came after the end');
    },
  ),
  card('120', 'a listener that throws disturbs nobody', async (context) => {
    const { connector } = context;
    connector.events.subscribe(() => {
      throw new Error('a listener of the card throws');
    });
    const states = statesOf(context);
    await context.connect();
    assert.deepEqual(states, ['idle', 'connecting', 'live']);
    assert.ok(connector.events.stats.listenerErrors > 0, 'expected the errors of listeners to be counted');
  }),
  {
    ...card(
      '130',
      'close ends what is open, leaves nothing of it, and nothing is told afterwards',
      closeInUse,
    ),
    needs: ['marketData'],
  },
];

const nothing = { timers: [], sockets: 0, requests: 0 };

function card(number: string, title: string, run: (context: CardContext) => Promise<void>): Card {
  return { id: `VK-LIFE-${number}`, group: 'lifecycle', title, needs: [], run };
}

/** Opens everything that is claimed, and closes the connector over it. */
async function closeInUse(context: CardContext): Promise<void> {
  await context.connect();
  const streams = context.capabilities.marketData?.streams ?? [];
  const market = await context.settled(context.marketData.open(context.pair, { streams }));
  let told = 0;
  let ends = 0;
  const onEnd = () => {
    ends += 1;
  };
  const listener = () => {
    told += 1;
  };
  for (const stream of streams) market[stream].subscribe(listener, { onEnd });
  if (streams.length > 0) await context.until('something to be told', () => told > streams.length);
  await context.settled(context.connector.close());
  assert.equal(ends, streams.length, 'expected the end of each feed');
  assert.deepEqual(context.left, nothing);
  const before = told;
  await context.pass(10_000);
  assert.equal(told, before, 'expected nothing to be told after close');
}

/** Every state that is told from now on. */
function statesOf({ connector }: CardContext): readonly string[] {
  const states: string[] = [];
  connector.events.subscribe((event: ConnectorEvent) => {
    if (event.kind === 'connection') states.push(event.state);
  });
  return states;
}
