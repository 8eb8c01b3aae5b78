import type { StreamSession } from './stream-session.ts';

/** The sessions of a hub, in the order of their coming. Who follows what is looked for once, and anew when it may have changed. */
export interface HubSessions extends Iterable<StreamSession> {
  add(session: StreamSession): void;
  delete(session: StreamSession): void;
  /** Those that follow a channel of a symbol now. */
  following(channel: string, symbol: string): readonly StreamSession[];
  /** Tells each of those; whom a client takes out meanwhile is not told any more. */
  tell(channel: string, symbol: string, act: (session: StreamSession) => void): void;
  /** Does what may change who follows what. */
  change(act: () => void): void;
}

/** Makes the sessions of a hub without clients. */
export function createHubSessions(): HubSessions {
  return new Sessions();
}

class Sessions implements HubSessions {
  readonly #sessions = new Set<StreamSession>();
  /** By channel and symbol. */
  readonly #following = new Map<string, Map<string, readonly StreamSession[]>>();
  /** Above 0 while subscriptions change. */
  #changes = 0;

  [Symbol.iterator](): Iterator<StreamSession> {
    return this.#sessions.values();
  }

  add(session: StreamSession): void {
    this.#sessions.add(session);
    this.#following.clear();
  }

  delete(session: StreamSession): void {
    this.#sessions.delete(session);
    this.#following.clear();
  }

  following(channel: string, symbol: string): readonly StreamSession[] {
    return this.#following.get(channel)?.get(symbol) ?? this.#look(channel, symbol);
  }

  tell(channel: string, symbol: string, act: (session: StreamSession) => void): void {
    const sessions = this.following(channel, symbol);
    if (sessions.length === 0) return;
    const topic = `${channel}:${symbol}`;
    for (const session of sessions) if (session.follows(topic)) act(session);
  }

  change(act: () => void): void {
    this.#changes += 1;
    this.#following.clear();
    try {
      act();
    } finally {
      this.#changes -= 1;
    }
  }

  /** What is found in the middle of a change is not kept. */
  #look(channel: string, symbol: string): readonly StreamSession[] {
    const topic = `${channel}:${symbol}`;
    const found = [...this.#sessions].filter((session) => session.follows(topic));
    if (this.#changes > 0) return found;
    const bySymbol = this.#following.get(channel) ?? new Map<string, readonly StreamSession[]>();
    this.#following.set(channel, bySymbol.set(symbol, found));
    return found;
  }
}
