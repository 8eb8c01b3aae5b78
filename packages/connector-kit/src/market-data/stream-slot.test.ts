import { VenueError } from '@venuekit/connector-core';
import { expect, test } from 'vitest';
import { failureOf } from '../../test/failure-of.ts';
import type { TopicObserver } from '../stream/subscriptions.ts';
import { createManualRuntime } from '../testing/manual-runtime.ts';
import { StreamSlot } from './stream-slot.ts';

const gone = new VenueError({ code: 'market-unavailable', message: 'gone' });

function setUp() {
  const runtime = createManualRuntime();
  const told: string[] = [];
  const observers: TopicObserver[] = [];
  const link = { confirmed: false };
  const slot = new StreamSlot({
    ...{ runtime, venue: 'v', topic: { channel: 'c', symbol: 's' } },
    session: {
      subscribe: (_topic, observer) => {
        observers.push(observer);
        return {
          get confirmed() {
            return link.confirmed;
          },
          unsubscribe: () => void told.push('unsubscribed'),
          renew: (reason, sinceMs) => void told.push(`renewed ${reason} ${sinceMs}`),
        };
      },
    },
    onRefused: ({ code }) => told.push(`onRefused ${code}`),
  });
  slot.attach({
    confirmed: () => told.push('confirmed'),
    lost: (reason, sinceMs) => told.push(`lost ${reason} ${sinceMs}`),
    refused: ({ code }) => told.push(`refused ${code}`),
    close: () => told.push('closed'),
  });
  return { runtime, told, observers, link, slot };
}

test('is subscribed once, and tells its keeper before those who wait', async () => {
  const { slot, observers, told, link } = setUp();
  const waiting = slot.whenConfirmed({}).then(() => told.push('waited'));
  slot.use();
  expect(observers).toHaveLength(1);
  link.confirmed = true;
  observers[0]?.confirmed();
  await waiting;
  observers[0]?.lost('cut', 7);
  slot.renew('quiet', 8);
  expect(told).toEqual(['confirmed', 'waited', 'lost cut 7', 'renewed quiet 8']);
  await slot.whenConfirmed({});
});

test('the keeper is right when the wait is over', async () => {
  const { slot, observers } = setUp();
  let isTold = false;
  slot.attach({ confirmed: () => (isTold = true), lost() {}, refused() {}, close() {} });
  const waiting = slot.whenConfirmed({});
  observers[0]?.confirmed();
  expect(isTold).toBe(true);
  await waiting;
});

test('a refusal ends it once, for the keeper, for those who wait and for those who come later', async () => {
  const { slot, observers, told } = setUp();
  const waiting = failureOf(slot.whenConfirmed({}));
  observers[0]?.refused(gone);
  slot.giveUp(gone);
  slot.close();
  expect([slot.ended, told]).toEqual([
    true,
    ['unsubscribed', 'refused market-unavailable', 'onRefused market-unavailable'],
  ]);
  expect(await waiting).toBe(gone);
  expect(await failureOf(slot.whenConfirmed({}))).toBe(gone);
  slot.use();
  expect(observers).toHaveLength(1);
});

test('what is withheld is told to nobody else and is never subscribed', async () => {
  const { slot, observers, told } = setUp();
  slot.withhold(gone);
  slot.use();
  expect([observers, told]).toEqual([[], ['refused market-unavailable']]);
  expect(await failureOf(slot.whenConfirmed({}))).toBe(gone);
});

test('closing ends it once, with what waits for it', async () => {
  const { slot, told, runtime } = setUp();
  const waiting = failureOf(slot.whenConfirmed({ timeoutMs: 1_000 }));
  slot.close();
  slot.close();
  slot.giveUp(gone);
  expect([slot.ended, told, runtime.waiting]).toEqual([true, ['unsubscribed', 'closed'], []]);
  expect(await waiting).toMatchObject({ code: 'closed', venue: 'v', operation: 'open' });
});

test('a wait has its own deadline', async () => {
  const { slot, runtime } = setUp();
  const waiting = failureOf(slot.whenConfirmed({ timeoutMs: 1_000 }));
  await runtime.advance(1_000);
  expect(await waiting).toMatchObject({
    code: 'timeout',
    message: expect.stringMatching(/c:s within 1000 ms/),
  });
});
