import type { VirtualProcess } from '@venuekit/connector-kit/testing';
import type {
  Simulation,
  SimulationRun,
  SimulationStage,
  SimulationStep,
} from '@venuekit/connector-testkit/simulation';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
  type PairProfile,
  selectPairs,
} from '@venuekit/exchange-simulator';
import { findLockstep } from '../models/dial-rhythm.ts';
import { ExchangeTruth } from '../models/exchange-truth.ts';
import { findShortWaits, findUnevenWaits } from '../models/wait-spread.ts';
import { authority, ClientLife } from './client-life.ts';
import { countName, least } from './expectations.ts';
import { FaultDriver } from './fault-driver.ts';
import { waitsForTraffic } from './fault-plan.ts';
import { createJudge, type Judge } from './judge.ts';
import { busyMs, drawPlan, planVocabulary } from './plan.ts';
import { clientNames, pairs } from './plan-names.ts';
import { ServerWatch } from './server-watch.ts';

/** The longest wait for a redial: a minute after a refusal, half a minute of backoff, and time to open everything. */
const recoveryMs = 105_000;
/** Where faults still wait for a next frame or request, as many such times: each attempt to come back uses one of them up. */
const mostRecoveries = 4;
const farewellMs = 3_000;
/** Time to come back once more. */
const againMs = 3_000;
/** A silence after which the connection is dropped, and time in which the next one has brought more than the old one's late frames wait for. */
const [muteMs, aliveMs] = [14_500, 20_000];

/** Bouts of orders a second. Busier markets have more frames, which show no more of a client: in one publication of a book all are one. */
const activity = 0.8;
const calmPairs: readonly PairProfile[] = selectPairs(pairs.length).map((pair) => ({
  ...pair,
  activity,
  lotsPerDay: Math.ceil((pair.lotsPerDay * activity) / pair.activity),
}));

/**
 * Market data end to end: two programs with a connector each, one exchange, and a network in which things go wrong.
 *
 * Invariants: I5 books are right or not live; I6 nothing is live after a silence; I7 the budgets of dials and requests; I12
 * nothing but typed errors comes out; I13 everything settles in time and leaves nothing; I14 events are in order and losses are
 * announced; `backoff` waits are as long as the client says; `jitter` clients do not come back in step; `recovery` what is wanted
 * is there again in time, and everything is live in the end. I15 is about accounts, which this
 * connector does not have.
 */
export const marketDataSimulation: Simulation = {
  name: 'ascendex-market-data',
  forMs: busyMs + 5_000,
  vocabulary: planVocabulary,
  least,
  plan: drawPlan,
  begin: (stage) => new MarketDataRun(stage),
};

interface Client {
  readonly process: VirtualProcess;
  life: ClientLife | undefined;
  /** Lives that are over, for what their dials looked like. */
  readonly past: ClientLife[];
}

class MarketDataRun implements SimulationRun {
  readonly #stage: SimulationStage;
  readonly #judge: Judge;
  readonly #judgeOf: (client: string) => Judge;
  readonly #simulator: ExchangeSimulator;
  readonly #faults: FaultDriver;
  readonly #watch: ServerWatch;
  readonly #clients: ReadonlyMap<string, Client>;
  /** Nobody is started any more. */
  #over = false;

  constructor(stage: SimulationStage) {
    const { count, plan, world } = stage;
    this.#stage = stage;
    const truth = new ExchangeTruth();
    const isShutOut = (client: string): boolean => this.#watch.isShutOut(client);
    this.#judge = createJudge(stage, truth, 'nobody', isShutOut);
    this.#judgeOf = (name) => createJudge(stage, truth, name, isShutOut);
    this.#simulator = createExchangeSimulator({
      market: {
        kind: 'synthetic',
        seed: world.seed,
        pairs: calmPairs,
        depthIntervalMs: Number(plan.switches.intervalMs ?? 500),
      },
      runtime: { clock: world.clock, timers: world.timers, random: world.random },
      truth: (entry) => {
        truth.take(entry);
        if (entry.kind === 'fault') count(countName('struck', entry.fault.kind));
      },
    });
    startMarketClock(this.#simulator);
    this.#watch = new ServerWatch(this.#judge);
    this.#faults = new FaultDriver(world, this.#simulator, this.#watch);
    world.network.listen(authority, this.#faults.server());
    this.#clients = new Map(
      clientNames.map((name) => [name, { process: world.process(name), life: undefined, past: [] }]),
    );
  }

  act(step: SimulationStep): void {
    const isAction = this.#stage.plan.actions.includes(step);
    this.#judge.count(countName(isAction ? 'action' : 'fault', step.kind));
    if (isAction) this.#act(step);
    else this.#faults.act(step);
  }

  check(): void {
    for (const client of this.#clients.values()) {
      const { life } = client;
      // It may have crashed at one of its operations.
      if (life !== undefined && !life.alive) this.#bury(client, life);
      else life?.check();
    }
  }

  async end(): Promise<void> {
    this.#faults.reset();
    await this.#recover();
    const clients = [...this.#clients.values()];
    for (const { life } of clients) life?.checkRecovered();
    // Connections that held are lost once more: waits begin anew then.
    this.#faults.cutAll();
    await this.#judge.sleep(againMs);
    // And once by silence: what the old connection still brings comes while the next one is in use.
    this.#faults.holdAll();
    await this.#judge.sleep(muteMs);
    this.#faults.reset();
    await this.#judge.sleep(aliveMs);
    this.#checkJitter();
    for (const [kind, count] of this.#faults.strikes)
      this.#judge.count(countName('link struck', kind), count);
    this.#over = true;
    await Promise.all(clients.map(({ life }) => life?.close()));
    await this.#judge.sleep(farewellMs);
    this.#simulator.close();
  }

  async #recover(): Promise<void> {
    const rounds = this.#stage.plan.faults.some(waitsForTraffic) ? mostRecoveries : 1;
    for (let round = 0; round < rounds; round += 1) {
      if (round > 0) this.#judge.count('recovery that took more than one round');
      await this.#judge.sleep(recoveryMs);
      if ([...this.#clients.values()].every(({ life }) => life?.hasRecovered ?? true)) return;
    }
  }

  #act({ kind, with: fields = {} }: SimulationStep): void {
    const name = String(fields.client);
    const client = this.#clients.get(name)!;
    const { life, process } = client;
    if (kind === 'start') {
      if (process.current === undefined) this.#start(name, client);
    } else if (kind === 'crash') process.crash();
    else if (kind === 'crash-at') {
      const when = fields.when === 'before' ? 'before' : 'after';
      process.crashAt({ operation: process.operations + Math.max(1, Number(fields.operations)), when });
    } else if (kind === 'shift-clock') process.shiftClock(Number(fields.ms));
    else if (kind === 'stall') {
      life?.busy.add(this.#judge.now(), Number(fields.ms));
      process.stall(Number(fields.ms));
    } else if (life?.alive) {
      this.#stage.track(`${name} ${kind}`, life.act(kind, fields), life.incarnation);
    }
  }

  #start(name: string, client: Client): void {
    if (client.life !== undefined) this.#bury(client, client.life);
    const life = new ClientLife(name, client.process.start(), this.#judgeOf(name));
    client.life = life;
    this.#watch.started(name);
    this.#judge.count('process started');
    this.#stage.track(`${name} run`, life.run(), life.incarnation);
  }

  #bury(client: Client, life: ClientLife): void {
    client.life = undefined;
    client.past.push(life);
    this.#judge.count('process crashed');
    // Somebody starts it again, as a supervisor does.
    const name = client.process.name;
    const restart = this.#judge.sleep(2_000).then(() => {
      if (client.process.current === undefined && !this.#over) this.#start(name, client);
    });
    this.#stage.track(`${name} restart`, restart);
  }

  #checkJitter(): void {
    const lives = [...this.#clients.values()].map(({ life, past }) => [
      ...past,
      ...(life === undefined ? [] : [life]),
    ]);
    const uneven = findUnevenWaits(lives.flat().flatMap(({ line }) => line.dials.drawn));
    if (uneven !== undefined) this.#judge.violate('jitter', uneven);
    const short = findShortWaits(lives.flat().flatMap(({ line }) => line.retries.drawn));
    if (short !== undefined) this.#judge.violate('backoff', `snapshots: ${short}`);
    const [first = [], second = []] = lives;
    for (const one of first) {
      for (const other of second) {
        const found = findLockstep(one.line.dials, other.line.dials);
        if (found !== undefined) this.#judge.violate('jitter', found);
      }
    }
  }
}

/** The clock by which faults of the venue end starts with the first subscription to a book, which a silence might keep away for good. */
function startMarketClock(simulator: ExchangeSimulator): void {
  const sink = { send() {}, pong() {}, cut() {}, close() {}, bufferedBytes: 0 };
  const stream = simulator.connect(simulator.streamPath, sink);
  if ('refusedWith' in stream) throw new Error(`expected a stream, got ${stream.refusedWith}`);
  stream.receive('{"op":"sub","ch":"depth:BTC/USDT"}');
  stream.closed();
}
