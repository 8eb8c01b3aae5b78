import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHubSessions, type HubSessions } from './stream-hub-sessions.ts';
import type { StreamSession } from './stream-session.ts';

const clientCount = 3;
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('sub', 'unsub', 'come', 'go', 'ask'),
    at: fc.nat(clientCount - 1),
    topic: fc.constantFrom('depth:A/Q', 'bar:1:A/Q'),
  }),
  { minLength: 20, maxLength: 60 },
);

test('at any time those are told who follow, in the order of their coming', () => {
  fc.assert(
    fc.property(steps, (taken) => {
      const sessions = createHubSessions();
      const clients = Array.from({ length: clientCount }, () => client(sessions));
      const open = new Set<Client>();
      for (const { kind, at, topic } of taken) {
        const one = clients[at] as Client;
        if (kind === 'sub') one.follow(topic);
        if (kind === 'unsub') one.leave(topic);
        if (kind === 'go' && open.delete(one)) sessions.delete(one.session);
        if (kind === 'come') {
          open.add(one);
          sessions.add(one.session);
        }
        const following = [...open].filter(({ follows }) => follows.has(topic));
        expect(told(sessions, topic)).toEqual(following.map(({ session }) => session));
      }
    }),
  );
});

test('whom a client takes out while it is told is not told any more', () => {
  const sessions = createHubSessions();
  const [first, second] = [client(sessions), client(sessions)];
  for (const one of [first, second]) {
    sessions.add(one.session);
    one.follow('depth:A/Q');
  }
  const heard: StreamSession[] = [];
  sessions.tell('depth', 'A/Q', (session) => {
    heard.push(session);
    second.leave('depth:A/Q');
  });
  expect(heard).toEqual([first.session]);
});

test('what is asked in the middle of a change is not remembered', () => {
  const sessions = createHubSessions();
  const one = client(sessions);
  sessions.add(one.session);
  sessions.change(() => {
    expect(sessions.following('depth', 'A/Q')).toEqual([]);
    one.follows.add('depth:A/Q');
  });
  expect(sessions.following('depth', 'A/Q')).toEqual([one.session]);
});

interface Client {
  readonly session: StreamSession;
  readonly follows: Set<string>;
  follow(topic: string): void;
  leave(topic: string): void;
}

function client(sessions: HubSessions): Client {
  const follows = new Set<string>();
  return {
    session: { follows: (topic: string) => follows.has(topic) } as StreamSession,
    follows,
    follow: (topic) => sessions.change(() => follows.add(topic)),
    leave: (topic) => sessions.change(() => follows.delete(topic)),
  };
}

function told(sessions: HubSessions, topic: string): readonly StreamSession[] {
  const split = topic.lastIndexOf(':');
  const [channel, symbol] = [topic.slice(0, split), topic.slice(split + 1)];
  const heard: StreamSession[] = [];
  sessions.tell(channel, symbol, (session) => heard.push(session));
  expect(sessions.following(channel, symbol)).toEqual(heard);
  return heard;
}
