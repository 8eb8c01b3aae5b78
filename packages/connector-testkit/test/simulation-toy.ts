import type { Runtime } from '@venuekit/connector-core';
import type { VirtualServer } from '@venuekit/connector-kit/testing';
import type {
  Draw,
  Simulation,
  SimulationPlan,
  SimulationRun,
  SimulationStage,
  SimulationStep,
} from '../src/simulation/index.ts';

/** What is wrong with the toy. `lost-update` happens only if a large compaction comes before a restart. */
export type Plant =
  | 'nothing'
  | 'lost-update'
  | 'check'
  | 'end'
  | 'thrown-step'
  | 'rejected-step'
  | 'unhandled-rejection'
  | 'uncaught-exception'
  | 'world-failure'
  | 'leftover-timer'
  | 'endless-end'
  | 'stuck-end'
  | 'endless-steps'
  | 'random'
  | 'swallowed-clock';

const authority = 'counter.test';
/** A compaction of so many blocks is one too many. */
const tooManyBlocks = 7;

/** A counter service and one client that adds to it. */
export function createToySimulation(plant: Plant = 'nothing', name: string = 'toy-counter'): Simulation {
  return {
    name,
    forMs: 10_000,
    settleWithinMs: 60_000,
    mostSteps: 5_000,
    plan: planToy,
    begin: (stage) => new ToyRun(stage, plant),
  };
}

function planToy(draw: Draw): SimulationPlan {
  const steps = (part: string, count: number, make: (own: Draw) => Omit<SimulationStep, 'atMs'>) =>
    Array.from({ length: count }, (_, index) => {
      const own = draw.fork(`${part} ${index}`);
      return { atMs: own.integer('atMs', 0, 9_000), ...make(own) };
    });
  return {
    actions: steps('action', draw.integer('actions', 5, 25), (own) => {
      const kind = own.pick('kind', ['add', 'add', 'read']);
      return kind === 'add' ? { kind, with: { times: own.integer('times', 1, 9) } } : { kind };
    }),
    faults: steps('fault', draw.integer('faults', 2, 12), (own) => {
      const kind = own.pick('kind', ['compact', 'restart', 'slow', 'reset', 'error', 'stall']);
      return kind === 'compact' ? { kind, with: { blocks: own.integer('blocks', 1, 9) } } : { kind };
    }),
    switches: { reply: draw.pick('reply', ['empty', 'value']) },
  };
}

/** The server, and beside it what it should know. */
class Counter implements VirtualServer {
  value = 0;
  executed = 0;
  tooCompact = false;
  readonly #reply: string;

  constructor(reply: string) {
    this.#reply = reply;
  }

  fetch(request: Request): Response {
    if (request.method === 'POST') {
      this.value += 1;
      this.executed += 1;
    }
    return new Response(this.#reply === 'value' ? String(this.value) : '');
  }

  openStream(): { readonly refusedWith: number } {
    return { refusedWith: 404 };
  }

  restart(broken: boolean): void {
    if (this.tooCompact && broken) this.value -= 1;
    this.tooCompact = false;
  }
}

class ToyRun implements SimulationRun {
  readonly #stage: SimulationStage;
  readonly #plant: Plant;
  readonly #server: Counter;
  readonly #runtime: Runtime;

  constructor(stage: SimulationStage, plant: Plant) {
    this.#stage = stage;
    this.#plant = plant;
    this.#server = new Counter(stage.plan.switches.reply ?? 'empty');
    stage.world.network.listen(authority, this.#server);
    this.#runtime = stage.world.process('client').start().runtime;
  }

  act({ kind, with: details = {} }: SimulationStep): void | Promise<void> {
    this.#stage.count(kind);
    const link = this.#stage.world.network.link('client', authority);
    if (kind === 'add') return this.#add(Number(details.times));
    if (kind === 'read') return this.#request('GET');
    if (kind === 'compact') this.#server.tooCompact = Number(details.blocks) >= tooManyBlocks;
    if (kind === 'restart') this.#server.restart(this.#plant === 'lost-update');
    if (kind === 'slow') link.setLatency({ minMs: 100, maxMs: 900 });
    if (kind === 'reset') link.reset('before');
    if (kind === 'error') link.answer({ status: 500, body: 'no' });
    if (kind === 'stall') this.#stage.world.process('client').stall(300);
  }

  check(): void {
    const { executed, value } = this.#server;
    if (value !== executed) this.#stage.violate('I2', `value: expected ${executed}, got ${value}`);
    if (this.#plant === 'check' && executed > 3) throw new Error('the check is broken');
  }

  async end(): Promise<void> {
    await this.#sleep(20_000);
    const { executed } = this.#server;
    if (this.#plant === 'end') this.#stage.violate('I3', `expected nothing added, got ${executed}`);
    if (this.#plant === 'leftover-timer') this.#runtime.timers.setTimer(5_000, () => {}, 'forgotten');
    if (this.#plant === 'endless-end') await this.#sleep(1_000_000);
    if (this.#plant === 'stuck-end') await new Promise(() => {});
  }

  async #add(times: number): Promise<void> {
    if (this.#plant === 'thrown-step') throw new Error('add is broken');
    for (let done = 0; done < times; done += 1) {
      await this.#request('POST');
      this.#goWrong();
      // The chance of a runtime, so that runs of different seeds differ in more than their plans.
      await this.#sleep(this.#runtime.random.next('pause') * 50);
    }
  }

  async #request(method: string): Promise<void> {
    try {
      const response = await this.#runtime.fetch(new Request(`https://${authority}/count`, { method }));
      this.#stage.count(response.ok ? 'answers' : 'refusals');
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#stage.count('failures');
    }
    if (this.#plant === 'rejected-step') throw new RangeError('request is broken');
  }

  /** What a connector might do between two requests. */
  #goWrong(): void {
    const { timers } = this.#runtime;
    const fail = (): never => {
      throw new Error(`${this.#plant} happened`);
    };
    const again = (): void => void timers.setTimer(0, again, 'again');
    if (this.#plant === 'unhandled-rejection') void Promise.resolve().then(fail);
    if (this.#plant === 'uncaught-exception') process.nextTick(fail);
    if (this.#plant === 'world-failure') timers.setTimer(10, fail, 'broken');
    if (this.#plant === 'endless-steps') again();
    if (this.#plant === 'random') Math.random();
    if (this.#plant === 'swallowed-clock') this.#readClock();
  }

  #readClock(): void {
    try {
      Date.now();
    } catch {
      // As a library does that falls back to something else.
    }
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#runtime.timers.setTimer(ms, resolve, 'sleep');
    });
  }
}
