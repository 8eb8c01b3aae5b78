import type { AuditResult } from '@venuekit/connector-core';
import { isVenueError } from '@venuekit/connector-core';
import type { Incarnation } from '@venuekit/connector-kit/testing';
import type {
  Simulation,
  SimulationRun,
  SimulationStage,
  SimulationStep,
} from '@venuekit/connector-testkit/simulation';
import { type AscendexSpot, createAscendexSpot } from '../../../src/index.ts';
import { tapRuntime } from '../wire-tap.ts';
import { DepthLosses } from './depth-losses.ts';
import { DepthVenue } from './depth-venue.ts';
import { drawGapPlan, gapVocabulary, planMs, positions } from './gap-plan.ts';
import { GapWatch, type LostMessage } from './gap-watch.ts';
import { marginName } from './recovery-times.ts';

/** Where the venue is. */
export const authority = 'venue.test';
/** Something looks at every book so often, beside every event. */
const lookEveryMs = 10;
/** When everything has come back: a minute until it is found, and what was under way. */
const mostSettlingMs = 150_000;
const calmMs = 1_500;
/** What is under way when the markets stop arrives. */
const arrivedMs = 300;
const farewellMs = 2_000;

/**
 * Messages of books are left out, anywhere and in any number, and books take one to two seconds to come.
 *
 * Invariants: I5 a live book is the venue's own at its number, and nothing beyond it has come; `notice` a hole ends it in the
 * same tick; `unfound` what nothing shows is found within a minute; `false-alarm` nothing happens to books of which nothing is missing; I14 what is told is what is;
 * `recovery` everything is live in the end. How long books take is counted: of a hundred, one may take more than 2.5 s.
 */
export const depthGapsSimulation: Simulation = {
  name: 'ascendex-depth-gaps',
  forMs: planMs,
  vocabulary: gapVocabulary,
  least: {
    'live book compared': 100,
    'deep book compared': 1,
    [marginName]: 0,
    ...Object.fromEntries(positions.map((position) => [`left out "${position}"`, 1 / 50])),
    'hole found': 1 / 50,
    'audit: ': 1 / 10,
  },
  plan: drawGapPlan,
  begin: async (stage) => {
    const run = new DepthGapsRun(stage);
    await run.connect();
    return run;
  },
};

class DepthGapsRun implements SimulationRun {
  readonly #stage: SimulationStage;
  readonly #losses: DepthLosses;
  readonly #venue: DepthVenue;
  readonly #watches = new Map<string, GapWatch>();
  readonly #lost = new Map<string, Map<bigint, LostMessage>>();
  /** Markets whose book was asked for. */
  readonly #asked = new Set<string>();
  readonly #connector: AscendexSpot;
  readonly #incarnation: Incarnation;
  #looking: Disposable | undefined;
  #isClosing = false;

  constructor(stage: SimulationStage) {
    const { plan, world } = stage;
    const { clock, random, timers } = world;
    this.#stage = stage;
    this.#losses = new DepthLosses({
      lost: (symbol, sequence, position) => {
        stage.count(`left out "${position}"`);
        this.#lost
          .get(symbol)
          ?.set(sequence, { position, atMs: clock.monotonic(), mayShow: this.#asked.has(symbol) });
      },
      end: (symbol) => this.#venue.halt(symbol),
    });
    this.#venue = new DepthVenue({
      ...{ timers, random, losses: this.#losses, now: () => clock.now() },
      frames: plan.switches.frames === 'other' ? 'other' : 'usual',
      isOdd: plan.switches.deletions === 'odd',
      lateMs: Number(plan.switches.lateMs ?? 0),
      asked: (symbol) => {
        this.#asked.add(symbol);
        this.#watches.get(symbol)?.asked();
      },
    });
    for (const { with: fields = {} } of plan.actions) if ('everyMs' in fields) this.#list(fields);
    world.network.listen(authority, this.#venue.server());
    this.#incarnation = world.process('client').start();
    this.#link().setLatency({ minMs: 1, maxMs: 1 });
    this.#connector = this.#connectorOf(this.#incarnation);
  }

  async connect(): Promise<void> {
    await this.#connector.connect({ timeoutMs: 10_000 });
    this.#lookOn();
  }

  act(step: SimulationStep): void | Promise<void> {
    if (!('symbol' in (step.with ?? {}))) return;
    if (step.kind === 'open') return this.#open(step);
    if (step.kind === 'audit') return this.#audit(String(step.with?.symbol));
    this.#losses.begin(step);
  }

  check(): void {
    if (this.#isClosing) return;
    for (const watch of this.#watches.values()) watch.look();
  }

  async end(): Promise<void> {
    const { world } = this.#stage;
    const endMs = world.clock.monotonic() + mostSettlingMs;
    while (!this.#isSettled && world.clock.monotonic() < endMs) await this.#sleep(100);
    await this.#sleep(calmMs);
    for (const symbol of this.#watches.keys()) this.#venue.halt(symbol);
    await this.#sleep(arrivedMs);
    for (const watch of this.#watches.values()) watch.lookAtEnd();
    this.#isClosing = true;
    this.#looking?.[Symbol.dispose]();
    await this.#connector.close();
    await this.#sleep(farewellMs);
  }

  get #isSettled(): boolean {
    return this.#losses.isOver && [...this.#watches.values()].every(({ isWhole }) => isWhole);
  }

  #list(fields: NonNullable<SimulationStep['with']>): void {
    const { plan, world } = this.#stage;
    const { numbers } = plan.switches;
    const edge = BigInt(Number.MAX_SAFE_INTEGER);
    const firstSequence = numbers === 'huge' ? edge * 4n : numbers === 'edge' ? edge - 40n : 20_000_000_000n;
    const symbol = String(fields.symbol);
    const drawn = Math.floor(world.random.next(`first ${symbol}`) * 20);
    this.#lost.set(symbol, new Map());
    const terms = {
      everyMs: Number(fields.everyMs),
      ackMs: Number(fields.ackMs),
      isDeep: fields.deep === true,
    };
    this.#venue.list({ symbol, firstSequence: firstSequence + BigInt(drawn), ...terms });
  }

  async #open({ with: fields = {} }: SimulationStep): Promise<void> {
    const { count, violate, world } = this.#stage;
    const symbol = String(fields.symbol);
    const market = this.#venue.market(symbol);
    const lost = this.#lost.get(symbol);
    if (market === undefined || lost === undefined) return;
    const streams = fields.ticker === true ? (['book', 'ticker'] as const) : (['book'] as const);
    const opening = this.#connector.marketData.open(symbol.replace('/', '-'), { streams, timeoutMs: 9_000 });
    const handle = await opening;
    const now = (): number => world.clock.monotonic();
    this.#watches.set(symbol, new GapWatch(handle, { symbol, market, lost, count, violate, now }));
  }

  async #audit(symbol: string): Promise<void> {
    const { count, violate } = this.#stage;
    const watch = this.#watches.get(symbol);
    if (watch === undefined) return;
    let outcome: AuditResult['outcome'] | string;
    try {
      ({ outcome } = await watch.handle.book.audit());
    } catch (error) {
      if (!isVenueError(error)) throw error;
      outcome = error.code;
    }
    count(`audit: ${outcome}`);
    if (outcome === 'repaired') violate('I5', `${symbol}: expected no audit to differ, got one that did`);
  }

  #connectorOf({ runtime }: Incarnation): AscendexSpot {
    const endpoints = { restUrl: `http://${authority}`, streamUrl: `ws://${authority}/` };
    let arrived: { readonly watch: GapWatch; readonly sequence: bigint } | undefined;
    const tap = {
      dialled: () => this.#stage.count('dialled'),
      frame: (_connection: number, text: string) => {
        arrived = undefined;
        const [, symbol = '', sequence] =
          /^\{"m":"depth","symbol":"([^"]+)","data":\{"ts":\d+,"seqnum":(\d+)/.exec(text) ?? [];
        const watch = this.#watches.get(symbol);
        if (watch !== undefined && sequence !== undefined) arrived = { watch, sequence: BigInt(sequence) };
        const [, confirmed = ''] = /^\{"m":"sub",.*"ch":"depth:([^"]+)"/.exec(text) ?? [];
        this.#watches.get(confirmed)?.confirmed();
      },
      handled: () => arrived?.watch.arrived(arrived.sequence),
      ended: () => {},
    };
    return createAscendexSpot({ endpoints, runtime: tapRuntime(runtime, tap, false) });
  }

  #link() {
    return this.#stage.world.network.link('client', authority);
  }

  #lookOn(): void {
    this.#looking = this.#stage.world.timers.setTimer(lookEveryMs, () => this.#lookOn(), 'look');
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#stage.world.timers.setTimer(ms, resolve, 'scenario'));
  }
}
