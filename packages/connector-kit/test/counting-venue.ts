import { idOf } from './manual-stream.ts';

/** A server that greets, confirms what is asked, and counts as a venue does. */
export interface CountingVenue {
  /** When each dial arrived, in milliseconds. */
  readonly dialsMs: readonly number[];
  /** When each subscribe or unsubscribe message arrived. */
  readonly messagesMs: readonly number[];
  /** Most sessions that were ever open at one time. */
  readonly mostSessions: number;
  /** Sessions that are open. */
  readonly sessions: number;
  /** A dial arrived; `say` sends one message. */
  open(say: (text: string) => void): { receive(text: string): void; closed(): void };
}

/** Makes one. */
export function createCountingVenue(now: () => number): CountingVenue {
  const dialsMs: number[] = [];
  const messagesMs: number[] = [];
  let [sessions, mostSessions] = [0, 0];
  return {
    dialsMs,
    messagesMs,
    get mostSessions() {
      return mostSessions;
    },
    get sessions() {
      return sessions;
    },
    open: (say) => {
      dialsMs.push(now());
      sessions += 1;
      mostSessions = Math.max(mostSessions, sessions);
      say('{"m":"hello"}');
      return {
        receive: (text) => {
          if (text === 'ping') say('{"m":"pong"}');
          if (!/^(?:un)?sub /.test(text)) return;
          messagesMs.push(now());
          say(JSON.stringify({ m: 'ack', id: idOf(text) }));
        },
        closed: () => {
          sessions -= 1;
        },
      };
    },
  };
}

/** Most of them in any span of `windowMs`. */
export function mostWithin(timesMs: readonly number[], windowMs: number): number {
  let [most, first] = [0, 0];
  for (const [last, atMs] of timesMs.entries()) {
    while ((timesMs[first] ?? 0) <= atMs - windowMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
