import type { Clock, Timers } from '@venuekit/connector-core';
import { detachedWithinLimit } from '../body-limit.ts';
import type { Caller } from '../dialect/dialect.ts';
import type { ActiveFault, FaultRegister } from './fault-register.ts';
import type { Fault, RequestFaultKind } from './fault-types.ts';
import { createLostConnection } from './lost-connection.ts';
import { outageOf } from './outages.ts';
import { errorPage, type KeptReply, requestKinds, type StruckRequest } from './request-kinds.ts';
import { fitsCaller } from './struck-stream.ts';

/** Answers a request of a client. */
type Serve = (request: Request) => Response | Promise<Response>;

/** What strikes REST requests. */
export interface RequestFaults {
  /**
   * Answers a request, or does not. Without a fault it is served at once. A connection that is reset rejects with an error for which
   * `isLostConnection` holds; one that hangs does so when the client aborts or the exchange is closed.
   * @param serve lets the exchange serve it, or a copy that does without its client; called once at most.
   */
  answer(request: Request, caller: Caller, serve: Serve): Response | Promise<Response>;
  /** Resets every connection that hangs or waits. */
  close(): void;
}

/** What the faults of requests need. */
export interface RequestSurroundings {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly register: FaultRegister;
  /** Tells that a fault strikes, and counts it; `act` happens in between. */
  strike(active: ActiveFault, symbol: string | undefined, act: () => void): void;
}

/** Makes the faults of requests. */
export function createRequestFaults(surroundings: RequestSurroundings): RequestFaults {
  return new Faults(surroundings);
}

class Faults implements RequestFaults {
  readonly #surroundings: RequestSurroundings;
  readonly #kept = new WeakMap<ActiveFault, Map<string, KeptReply>>();
  /** How to give up each request that waits. */
  readonly #waiting = new Set<(reason: unknown) => void>();
  #closed = false;

  constructor(surroundings: RequestSurroundings) {
    this.#surroundings = surroundings;
  }

  answer(request: Request, caller: Caller, serve: Serve): Response | Promise<Response> {
    const { register } = this.#surroundings;
    const path = new URL(request.url).pathname;
    const unreachable = register.newest('unreachable', (fault) => fitsCaller(fault, caller, path));
    if (unreachable !== undefined) {
      this.#surroundings.strike(unreachable, undefined, () => {});
      return Promise.reject(createLostConnection());
    }
    const outage = outageOf(register, caller, path);
    if (outage !== undefined) return errorPage(outage.fault, outage.status);
    const struck = register.at('requests').filter(({ fault }) => fits(fault, request, caller, path));
    return struck.length === 0 ? serve(request) : this.#answerStruck(struck, request, serve);
  }

  close(): void {
    this.#closed = true;
    for (const giveUp of [...this.#waiting]) giveUp(createLostConnection());
  }

  /** The oldest fault that can strike does; those that need the answer give it on if they cannot. */
  async #answerStruck(faults: readonly ActiveFault[], request: Request, serve: Serve): Promise<Response> {
    let served: Promise<Response> | undefined;
    const serveOnce = (asked = request): Promise<Response> => {
      served ??= Promise.resolve(serve(asked));
      return served;
    };
    for (const active of faults) {
      if (!this.#isActive(active)) continue;
      const kind = requestKinds[active.fault.kind as RequestFaultKind];
      const struck = this.#struck(active, request, serveOnce);
      if (kind.needsAnswer !== true) this.#surroundings.strike(active, undefined, () => {});
      const response = await kind.strike(struck);
      // Another answer may have used it up meanwhile.
      if (response === undefined || (kind.needsAnswer === true && !this.#isActive(active))) continue;
      if (kind.needsAnswer === true) this.#surroundings.strike(active, undefined, () => {});
      return response;
    }
    return serveOnce();
  }

  #isActive(active: ActiveFault): boolean {
    return this.#surroundings.register.at('requests').includes(active);
  }

  #struck(
    active: ActiveFault,
    request: Request,
    serve: (asked?: Request) => Promise<Response>,
  ): StruckRequest {
    const { fault, strikes } = active;
    const { clock } = this.#surroundings;
    return {
      ...{ fault, strikes, request },
      serve: () => serve(),
      serveLate: (seconds) => this.#serveLate(request, seconds, serve),
      wait: (seconds) => this.#wait(request, seconds),
      lose: (ending) => this.#lose(request, ending),
      kept: this.#keptOf(active),
      nowSeconds: clock.monotonic() / 1_000,
    };
  }

  #keptOf(active: ActiveFault): Map<string, KeptReply> {
    const kept = this.#kept.get(active) ?? new Map<string, KeptReply>();
    this.#kept.set(active, kept);
    return kept;
  }

  #wait(request: Request, seconds: number): Promise<void> {
    return this.#pending(request, (resolve) =>
      this.#surroundings.timers.setTimer(Math.max(0, seconds * 1_000), resolve, 'late request'),
    );
  }

  /** The client may give up and the exchange not, which knows nothing of it. */
  #serveLate(request: Request, seconds: number, serve: Serve): Promise<Response> {
    const arriving = detachedWithinLimit(request);
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const { signal } = request;
    const abort = (): void => reject(signal.reason);
    const done = (): void => {
      this.#waiting.delete(giveUp);
      signal.removeEventListener('abort', abort);
    };
    const giveUp = (reason: unknown): void => {
      done();
      timer[Symbol.dispose]();
      reject(reason);
    };
    const arrive = (): void => {
      done();
      arriving.then(serve).then(resolve, reject);
    };
    // What has not come whole when the client goes is told when it is to be served.
    arriving.catch(() => undefined);
    const timer = this.#surroundings.timers.setTimer(seconds * 1_000, arrive, 'late request');
    this.#waiting.add(giveUp);
    signal.addEventListener('abort', abort);
    if (signal.aborted) giveUp(signal.reason);
    if (this.#closed) giveUp(createLostConnection());
    return promise;
  }

  #lose(request: Request, ending: 'hang' | 'reset'): Promise<never> {
    if (ending === 'reset') return Promise.reject(createLostConnection());
    return this.#pending(request, () => undefined) as Promise<never>;
  }

  /** A promise that is given up when the client or the exchange does. */
  #pending(request: Request, begin: (resolve: () => void) => Disposable | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const { signal } = request;
    let timer: Disposable | undefined;
    const giveUp = (reason: unknown): void => {
      done();
      reject(reason);
    };
    const abort = (): void => giveUp(signal.reason);
    const done = (): void => {
      this.#waiting.delete(giveUp);
      signal.removeEventListener('abort', abort);
      timer?.[Symbol.dispose]();
    };
    if (this.#closed) giveUp(createLostConnection());
    else if (signal.aborted) abort();
    else {
      this.#waiting.add(giveUp);
      signal.addEventListener('abort', abort);
      timer = begin(() => {
        done();
        resolve();
      });
    }
    return promise;
  }
}

function fits(fault: Fault, request: Request, caller: Caller, path: string): boolean {
  return fitsCaller(fault, caller, path) && (fault.method === undefined || fault.method === request.method);
}
