import type { Incarnation } from '@venuekit/connector-kit/testing';
import type { SimulationStep } from '@venuekit/connector-testkit/simulation';
import { type AscendexSpotOptions, createAscendexSpot } from '../../src/index.ts';
import { WireLog } from '../models/wire-log.ts';
import { BusyTimes } from './busy-times.ts';
import { ConnectorUse } from './connector-use.ts';
import type { Judge } from './judge.ts';
import { LineWatch } from './line-watch.ts';
import { pairs } from './plan-names.ts';
import { tapRuntime, type WireTap } from './wire-tap.ts';

/** Where the venue is. */
export const authority = 'venue.test';
const endpointsOf = (client: string): AscendexSpotOptions['endpoints'] => ({
  restUrl: `http://${authority}`,
  streamUrl: `ws://${authority}/?client=${client}`,
});

/** After so much silence nothing is live: eight seconds to the ping, five for its answer. */
const silenceMs = 13_000;
/** A process that was busy first reads what has arrived: up to three times a second. */
const drainsMs = 3_100;
const slackMs = 20;
/** How long our program waits before it tries to connect again. */
const againMs = 1_500;
/** How often it waits so long with each further pair before it listens to trades. */
const laterSteps = 4;
/** How long after its end a connector may still be seen. */
const goneMs = 60;

/** One life of a process: a program that keeps a connector connected, opens every market, and does what the plan says beside. */
export class ClientLife {
  readonly line: LineWatch;
  readonly busy: BusyTimes = new BusyTimes();
  readonly incarnation: Incarnation;
  readonly #judge: Judge;
  readonly #name: string;
  readonly #wire = new WireLog();
  #use: ConnectorUse | undefined;
  /** Connections that the connector has not left. */
  readonly #inUse = new Set<number>();
  #silenceTold = false;

  constructor(name: string, incarnation: Incarnation, judge: Judge) {
    this.#name = name;
    this.incarnation = incarnation;
    this.#judge = judge;
    this.line = new LineWatch({
      ...this.#ownJudge(),
      busySince: (atMs) => this.busy.since(atMs),
      isDown: () => this.#use?.connector.state === 'down',
    });
  }

  /** False after a crash. */
  get alive(): boolean {
    return this.incarnation.alive;
  }

  /** Makes a connector and does with it what such programs do: connects, again and again, and opens every market. */
  async run(): Promise<void> {
    const use = this.#create();
    while (this.#goesOn(use)) {
      if (await use.connect({ timeoutMs: 15_000 })) break;
      await this.#judge.sleep(againMs);
    }
    if (!this.#goesOn(use)) return;
    await Promise.all(pairs.map((pair) => this.#openWhole(use, pair)));
  }

  /** Does one step of the plan. */
  async act(kind: string, fields: NonNullable<SimulationStep['with']>): Promise<void> {
    if (kind === 'close') await this.close();
    else if (kind === 'remake') {
      await this.close();
      if (this.alive && this.#use === undefined) await this.run();
    } else await this.#use?.act(kind, fields);
  }

  /** Closes the connector; afterwards nothing of it is left. */
  async close(): Promise<void> {
    const use = this.#use;
    if (use === undefined) return;
    let isClosed = false;
    void use.close().then(() => {
      isClosed = true;
    });
    // A crash that was planned may strike at this very call: then nothing answers any more.
    while (!isClosed && this.alive) await this.#judge.sleep(goneMs);
    await this.#judge.sleep(goneMs + this.busy.since(this.#judge.now()));
    if (this.#use !== use || !this.alive) return;
    this.#use = undefined;
    const { left } = this.incarnation;
    const count = left.timers.length + left.sockets + left.requests;
    if (count > 0)
      this.#violate('I13', `expected nothing left of a closed connector, got ${JSON.stringify(left)}`);
    this.#judge.count('closed without a trace');
  }

  /** Looks at everything that must hold now. */
  check(): void {
    this.#use?.check(this.#isSilentTooLong());
  }

  /** True if its connector and all its books are live, or there is no connector. */
  get hasRecovered(): boolean {
    const use = this.#use;
    if (use === undefined || use.isClosing) return true;
    return use.connector.state === 'live' && use.bookStates().every((state) => state === 'live');
  }

  /** Looks at what must hold when nothing has been wrong for long. */
  checkRecovered(): void {
    const use = this.#use;
    if (use === undefined || use.isClosing) return;
    const { state } = use.connector;
    if (state !== 'live' && this.line.dials.recent(this.#judge.now()) >= 20) {
      this.#judge.count('still down, as the budget of dials wants it');
    } else if (state !== 'live' && this.line.dials.closedForMs(this.#judge.now()) > 0) {
      this.#judge.count('still down, as the venue wants to hear nothing');
    } else if (state !== 'live') this.#violate('recovery', `expected a live connection, got ${state}`);
    else for (const book of use.bookStates()) this.#expectLive(book);
    if (state === 'live') use.checkTopics();
    if (state === 'live') use.checkTold();
  }

  #expectLive(state: string): void {
    if (state === 'live') this.#judge.count('book live in the end');
    else this.#violate('recovery', `expected a live book in the end, got one that is ${state}`);
  }

  #create(): ConnectorUse {
    const { runtime } = this.incarnation;
    const connector = createAscendexSpot({
      endpoints: endpointsOf(this.#name),
      runtime: tapRuntime(this.line.tap(runtime), this.#tap(), this.#judge.isOdd),
    });
    const use = new ConnectorUse({
      connector,
      judge: this.#ownJudge(),
      wire: this.#wire,
      localNow: () => this.#localNow(),
      record: (kind, text) => this.incarnation.record(kind, text),
      busySince: (atMs) => this.busy.since(atMs),
      line: this.line,
    });
    this.#use = use;
    this.#judge.count('connector made');
    return use;
  }

  /** What a dead program still says counts for nothing. */
  #ownJudge(): Judge {
    return { ...this.#judge, violate: (invariant, message) => this.#violate(invariant, message) };
  }

  #goesOn(use: ConnectorUse): boolean {
    return this.alive && this.#use === use && !use.isClosing;
  }

  async #openWhole(use: ConnectorUse, pair: string): Promise<void> {
    const open = await use.open(pair, { streams: 'book,trades,ticker', timeoutMs: 20_000 });
    if (open === undefined || !this.#goesOn(use)) return;
    for (const feed of ['book', 'ticker', 'connection']) use.listen(open, feed, 'plain');
    // Whoever comes later to the trades of a pair misses none since it was opened.
    for (let late = pairs.indexOf(pair) * laterSteps; late > 0 && this.#goesOn(use); late -= 1) {
      await this.#judge.sleep(againMs);
    }
    if (this.#goesOn(use)) use.listen(open, 'trades', 'plain');
  }

  #tap(): WireTap {
    const now = () => this.#judge.now();
    return {
      dialled: (connection) => {
        this.#inUse.add(connection);
        if (this.#inUse.size > 1)
          this.#violate('I14', `epoch: expected one connection in use, got ${this.#inUse.size}`);
      },
      frame: (connection, text) => {
        this.#wire.take(connection, text, now(), this.#localNow());
        if (this.#inUse.has(connection)) this.#use?.arriving(this.#wire.newest);
      },
      handled: (connection) => {
        if (this.#inUse.has(connection) && this.alive) this.#use?.arrived(this.#wire.newest);
      },
      ended: (connection) => {
        this.#inUse.delete(connection);
      },
    };
  }

  #localNow(): number {
    return this.incarnation.runtime.clock.now();
  }

  #isSilentTooLong(): boolean {
    const nowMs = this.#judge.now();
    const { lastFrameAtMs } = this.#wire;
    if (nowMs - lastFrameAtMs <= silenceMs || this.busy.isBusy(nowMs)) return false;
    const busyMs = this.busy.since(lastFrameAtMs);
    const mostMs = silenceMs + slackMs + (busyMs > 0 ? busyMs + drainsMs : 0);
    const isSilent = nowMs - lastFrameAtMs > mostMs;
    if (isSilent && !this.#silenceTold && this.#use?.connector.state === 'down')
      this.#judge.count('silence beyond the keep-alive');
    this.#silenceTold = isSilent;
    return isSilent;
  }

  #violate(invariant: string, message: string): void {
    if (invariant === 'recovery' && this.#judge.isShutOut())
      this.#judge.count('not back, as the venue ignores the address');
    else if (this.alive) this.#judge.violate(invariant, `${this.#name}: ${message}`);
  }
}
