import {
  type CrashPoint,
  createVirtualWorld,
  type VirtualProcess,
  type VirtualWorld,
} from '@venuekit/connector-kit/testing';
import { describe, expect, test } from 'vitest';
import { doneOrders, startToyClient } from './virtual-client.ts';
import { createToyVenue, type ToyVenue } from './virtual-venue.ts';

const orderCount = 3;

interface Stage {
  readonly world: VirtualWorld;
  readonly venue: ToyVenue;
  readonly client: VirtualProcess;
  /** What the first incarnation was about to do, an entry for each operation. */
  readonly operations: string[];
}

/** One life of the toy client, up to the crash if one is planned. */
async function firstLife(crash?: CrashPoint): Promise<Stage> {
  const world = createVirtualWorld({ seed: 'crash' });
  const venue = createToyVenue(world);
  world.network.listen('venue.test', venue);
  const client = world.process('client');
  const operations: string[] = [];
  const incarnation = client.start();
  if (crash !== undefined) client.crashAt(crash);
  startToyClient({ incarnation, orderCount, onOperation: (operation) => void operations.push(operation) });
  await world.run({ forMs: 650 });
  return { world, venue, client, operations };
}

/** What must be on the disk after these operations. */
function expectedLines(operations: readonly string[], how: 'process' | 'power'): readonly string[] {
  const end = how === 'power' ? operations.lastIndexOf('sync') : operations.length;
  return operations
    .slice(0, Math.max(end, 0))
    .filter((operation) => operation.startsWith('append '))
    .map((operation) => operation.slice('append '.length));
}

function argumentsOf(operations: readonly string[], kind: string): readonly string[] {
  return operations
    .filter((operation) => operation.startsWith(kind))
    .map((operation) => operation.slice(kind.length));
}

describe('a crash before and after every operation', () => {
  for (const when of ['before', 'after'] as const) {
    for (const how of ['process', 'power'] as const) {
      test(`${how}, ${when}: what happened is there, what did not is not, and a restart finishes`, async () => {
        const whole = await firstLife();
        expect(whole.client.operations).toBe(whole.operations.length);
        expect(whole.operations).toEqual(
          expect.arrayContaining([
            'dial',
            'sync',
            'append intent 3',
            'request 3',
            'append done 3',
            'send ping 4',
          ]),
        );
        for (let operation = 1; operation <= whole.client.operations; operation += 1) {
          const stage = await firstLife({ operation, when, how });
          const happened = whole.operations.slice(0, when === 'before' ? operation - 1 : operation);
          const dead = {
            operation,
            lines: expectedLines(happened, how),
            orders: argumentsOf(happened, 'request '),
          };
          expect({ operation, lines: linesOf(stage), orders: stage.venue.orders }).toEqual(dead);
          expect(stage.venue.frames, `${operation}`).toEqual(argumentsOf(happened, 'send '));
          expect(stage.venue.streams.size, `${operation}: streams of the dead`).toBe(0);
          expect(stage.client.operations).toBe(operation);
          await restart(stage);
        }
      });
    }
  }

  test('an incarnation that is dead leaves no line in the trace', async () => {
    const { world, client } = await firstLife({ operation: 5, when: 'after' });
    const before = world.trace.count;
    expect(client.current).toBeUndefined();
    await world.run({ forMs: 5_000 });
    expect(world.trace.count).toBe(before);
    expect(world.waiting).toEqual([]);
  });
});

/** The disk as it is for the next incarnation. */
function linesOf({ client }: Stage): readonly string[] {
  const lines = client.start().disk.read('orders');
  client.crash();
  return lines;
}

async function restart({ world, client, venue }: Stage): Promise<void> {
  const incarnation = client.start();
  startToyClient({ incarnation, orderCount });
  await world.run({ forMs: 1_000 });
  expect(doneOrders(incarnation.disk.read('orders'))).toEqual(['done 1', 'done 2', 'done 3']);
  expect([...new Set(venue.orders)]).toEqual(['1', '2', '3']);
  expect(world.failures).toEqual([]);
  world.close();
}
