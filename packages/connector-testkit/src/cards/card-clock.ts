import assert from 'node:assert/strict';
import type { VirtualWorld } from '@venuekit/connector-kit/testing';

/** Longest virtual time that anything in a card may take, in milliseconds. */
const patienceMs = 120_000;

/** Somebody who waits. */
interface Waiter {
  readonly isSo: () => boolean;
  /** Virtual time at which the waiting is over in any case. */
  readonly lastMs: number;
}

/** Lets a world go on while a card waits. Waits may overlap: one of them moves the world, and stops for whoever is served. */
export class CardClock {
  readonly #world: VirtualWorld;
  readonly #waiters = new Set<Waiter>();
  /** Ends when nobody moves the world any more. */
  #moving: Promise<unknown> | undefined;

  constructor(world: VirtualWorld) {
    this.#world = world;
  }

  /** Waits until it is so, two virtual minutes at most. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    await this.#wait(isSo, patienceMs);
    assert.ok(isSo(), `expected ${what} within ${patienceMs} virtual ms`);
  }

  /** Waits until a promise settles, two virtual minutes at most, and gives what it came to. */
  async settled<T>(promise: Promise<T>): Promise<T> {
    let done = false;
    const finish = () => {
      done = true;
    };
    promise.then(finish, finish);
    await this.until('a promise to settle', () => done);
    return promise;
  }

  /** Lets virtual time pass. */
  async pass(ms: number): Promise<void> {
    await this.#wait(() => false, ms);
  }

  async #wait(isSo: () => boolean, forMs: number): Promise<void> {
    const waiter = { isSo, lastMs: this.#world.clock.monotonic() + forMs };
    this.#waiters.add(waiter);
    while (!this.#isServed(waiter)) {
      this.#moving ??= this.#move(waiter).finally(() => {
        this.#moving = undefined;
      });
      await this.#moving;
    }
    this.#waiters.delete(waiter);
  }

  #move({ lastMs }: Waiter): Promise<unknown> {
    const until = () => [...this.#waiters].some((waiter) => this.#isServed(waiter));
    return this.#world.run({ forMs: lastMs - this.#world.clock.monotonic(), until });
  }

  #isServed({ isSo, lastMs }: Waiter): boolean {
    return isSo() || this.#world.clock.monotonic() >= lastMs;
  }
}
