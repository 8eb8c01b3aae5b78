import type { Pair, Runtime } from '@venuekit/connector-core';
import { type Composition, compose } from '../compose.ts';
import type { DemoConfig } from '../config.ts';
import type { ConsoleOutput } from '../console-output.ts';
import { type Display, startLiveTable, startProgress } from '../display.ts';
import { EventLog } from '../event-log.ts';
import { MarketWatch } from '../market-watch.ts';
import { toReport } from '../report.ts';
import { settle } from '../settlement.ts';
import type { StopSwitch } from '../stop-switch.ts';
import { renderSummary } from '../terminal/summary.ts';
import type { Ending, RunResult, RunView, Verdict } from '../view-model.ts';

/** What the command takes from the process. */
export interface WatchWorld {
  readonly runtime: Runtime;
  readonly output: ConsoleOutput;
  readonly stop: StopSwitch;
}

/** A silent server must not hold the user longer than this. */
const connectTimeoutMs = 10_000;
/** How long a run without a terminal takes if nothing else ends it. */
const headlessSeconds = 10;

/**
 * Opens markets, shows them until the end, and judges them.
 * @returns the exit code: 0 if all was well or the user ended it, 1 if not.
 * @throws InputError or VenueError if it could not begin.
 */
export async function watchMarkets(config: DemoConfig, world: WatchWorld): Promise<number> {
  const log = new EventLog(world.runtime.clock);
  const composition = await compose(config, world.runtime);
  let result: RunResult;
  try {
    result = await new Run(config, world, composition, log).run();
  } finally {
    await composition.close();
  }
  const { results, palette } = world.output;
  if (config.json) results.write(`${JSON.stringify(toReport(result))}\n`);
  else results.write(renderSummary(result, results.size().columns, palette));
  return result.verdict.ok || world.stop.ending !== undefined ? 0 : 1;
}

/** One run, from connecting to the verdict. */
class Run {
  readonly #config: DemoConfig;
  readonly #world: WatchWorld;
  readonly #composition: Composition;
  readonly #log: EventLog;
  readonly #watch: MarketWatch;
  #display: Display | undefined;

  constructor(config: DemoConfig, world: WatchWorld, composition: Composition, log: EventLog) {
    this.#config = config;
    this.#world = world;
    this.#composition = composition;
    this.#log = log;
    this.#watch = new MarketWatch(composition.connector, log);
  }

  async run(): Promise<RunResult> {
    try {
      const verdict = await this.#follow();
      // Everything is still open here: closed books have no prices.
      return this.#result(verdict);
    } finally {
      this.#display?.close();
      this.#watch.close();
    }
  }

  /** Goes from connecting to the verdict; an early end is a verdict too. */
  async #follow(): Promise<Verdict> {
    const { stop } = this.#world;
    try {
      const pairs = await this.#connect();
      this.#startDisplay();
      const opening = this.#watch.openAll(pairs, stop.signal);
      // The end may come while the venue has not confirmed everything; a failure to open ends the run as well.
      await Promise.race([this.#end(), opening.then(forever)]);
      if (stop.ending !== undefined) return this.#stopped(stop.ending);
      return await settle({
        watch: this.#watch,
        opening,
        faultsRequested: this.#config.faults.length > 0,
        runtime: this.#world.runtime,
        signal: stop.signal,
      });
    } catch (error) {
      if (stop.ending === undefined) throw error;
      return this.#stopped(stop.ending);
    }
  }

  async #connect(): Promise<readonly Pair[]> {
    const { connector } = this.#composition;
    const options = { signal: this.#world.stop.signal, timeoutMs: connectTimeoutMs };
    await connector.connect(options);
    const { marketData } = connector;
    if (this.#config.pairs === undefined) {
      return (await marketData.fetchTickers(undefined, options)).map((ticker) => ticker.pair);
    }
    for (const pair of this.#config.pairs) marketData.instruments.require(pair);
    return this.#config.pairs;
  }

  #startDisplay(): void {
    const { output, runtime } = this.#world;
    const view = (): RunView => this.#view();
    const live = output.isTerminal && !this.#config.headless;
    this.#display = live
      ? startLiveTable(view, output, runtime.timers)
      : startProgress(view, this.#log, output, runtime.timers);
  }

  /** Resolves with whatever ends the run first. */
  async #end(): Promise<Ending> {
    const { stop, runtime, output } = this.#world;
    const { finished } = this.#composition;
    const endings: Promise<Ending>[] = [stop.whenStopped()];
    if (finished !== undefined) endings.push(finished.then(() => 'replay-finished'));
    const { seconds = output.isTerminal && !this.#config.headless ? undefined : headlessSeconds } =
      this.#config;
    const isLimited = seconds !== undefined && (finished === undefined || this.#config.seconds !== undefined);
    using timers = new DisposableStack();
    if (isLimited) {
      const leftMs = Math.max(0, seconds * 1_000 - this.#log.elapsedMs);
      endings.push(
        new Promise((resolve) => {
          timers.use(runtime.timers.setTimer(leftMs, () => resolve('time'), 'demo-end'));
        }),
      );
    }
    return await Promise.race(endings);
  }

  /** What was not looked at is not called good, except where every book was live to the last. */
  #stopped(ending: Ending): Verdict {
    const rows = this.#watch.rows();
    const ok = rows.length > 0 && rows.every((row) => row.state === 'live');
    const who =
      ending === 'interrupted' ? 'as you asked' : ending === 'parent-gone' ? 'with its parent' : 'early';
    return { ok, lines: [`Ended ${who}; the books were not compared with the venue.`] };
  }

  #view(): RunView {
    const { connector, source } = this.#composition;
    return {
      venue: connector.venue,
      source,
      connection: connector.state,
      elapsedMs: this.#log.elapsedMs,
      rows: this.#watch.rows(),
      events: this.#log.all(),
    };
  }

  #result(verdict: Verdict): RunResult {
    const { tape } = this.#watch;
    return { view: this.#view(), verdict, trades: tape.list(), tradesOmitted: tape.omitted };
  }
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
