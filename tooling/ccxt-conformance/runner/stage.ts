import { Agent } from 'node:http';
import ccxt from 'ccxt';
import { Deviation } from './expectations.ts';
import { createRawAccount, type RawAccount } from './raw-account.ts';
import { type Answer, createRawClient, type RawClient } from './raw-client.ts';
import { openRawStream, type RawStream } from './raw-stream.ts';
import type { Account, ExchangeSimulator } from './start-simulator.ts';
import { type AccountTruth, createTruthReader, type TruthReader } from './truth-reader.ts';

/** ccxt's two classes for this venue, as they come. */
export type RestExchange = InstanceType<typeof ccxt.ascendex>;
/** See {@link RestExchange}. */
export type StreamExchange = InstanceType<typeof ccxt.pro.ascendex>;

/** What the lines work with. */
export interface Stage {
  readonly simulator: ExchangeSimulator;
  /** ccxt without keys. */
  readonly open: RestExchange;
  /** ccxt's stream class without keys. */
  readonly openStream: StreamExchange;
  readonly raw: RawClient;
  readonly truth: TruthReader;
  /** A busy market, and another one. */
  readonly symbol: string;
  readonly otherSymbol: string;
  /** The market that is named last, which is one of the quiet ones. */
  readonly quietSymbol: string;
  /** ccxt and ourselves, both signed in. @throws Deviation if nobody can sign in. */
  readonly trader: Trader;
  /** An account that only trades against the other. @throws Deviation if there is no second one. */
  readonly stranger: RawAccount;
  /** New objects of ccxt for keys that may be wrong. */
  restWith(account?: Partial<Account>): RestExchange;
  streamWith(account?: Partial<Account>): StreamExchange;
  close(): Promise<void>;
}

/** Somebody who trades through ccxt and is watched. */
export interface Trader {
  readonly rest: RestExchange;
  readonly stream: StreamExchange;
  readonly raw: RawAccount;
  readonly updates: RawStream;
  readonly truth: AccountTruth;
}

/** Makes the stage. Of what is wrong with the accounts, the lines hear that need them. */
export async function createStage(simulator: ExchangeSimulator): Promise<Stage> {
  // A connection for each request: one that is kept may be closed by the server just when ccxt takes it again.
  const agent = new Agent();
  const opened: StreamExchange[] = [];
  const settings = (account: Partial<Account> = {}): object => settingsOf(simulator, agent, account);
  function streamWith(account?: Partial<Account>): StreamExchange {
    const exchange = new ccxt.pro.ascendex(settings(account));
    opened.push(exchange);
    return exchange;
  }
  const restWith = (account?: Partial<Account>): RestExchange => new ccxt.ascendex(settings(account));
  const raw = createRawClient(simulator.rest);
  const truth = createTruthReader(simulator.admin);
  const [symbol, otherSymbol] = await pickSymbols(simulator, raw);
  const [first, second] = simulator.accounts;
  const trader =
    first === undefined
      ? undefined
      : await settled(openTrader(simulator, truth, first, restWith, streamWith));
  return {
    simulator,
    open: restWith(),
    openStream: streamWith(),
    raw,
    truth,
    symbol,
    otherSymbol,
    quietSymbol: simulator.pairs.at(-1) ?? otherSymbol,
    get trader() {
      if (trader instanceof Error) throw trader;
      return trader ?? nobody();
    },
    get stranger() {
      return second === undefined ? nobody() : createRawAccount(simulator.rest, second);
    },
    restWith,
    streamWith,
    async close() {
      await Promise.allSettled(opened.map((exchange) => exchange.close()));
      if (trader !== undefined && !(trader instanceof Error)) trader.updates.close();
      agent.destroy();
    },
  };
}

function nobody(): never {
  throw new Deviation('the simulator gives no account for it');
}

function settingsOf(simulator: ExchangeSimulator, agent: Agent, account: Partial<Account>): object {
  const { rest, ws } = simulator;
  const stream = { public: `${ws}/api/pro/v2/stream`, private: `${ws}/{accountGroup}/api/pro/v2/stream` };
  return {
    apiKey: account.key,
    secret: account.secret,
    // ccxt spaces its calls for a venue that is far away.
    enableRateLimit: false,
    // It takes https and wss for granted unless it is given agents: the one for REST, the other for streams.
    agent,
    httpAgent: agent,
    urls: { api: { rest, ws: stream } },
  };
}

async function openTrader(
  simulator: ExchangeSimulator,
  truth: TruthReader,
  account: Account,
  restWith: Stage['restWith'],
  streamWith: Stage['streamWith'],
): Promise<Trader> {
  const raw = createRawAccount(simulator.rest, account);
  const updates = await openRawStream(simulator.ws, account);
  await updates.subscribe('order:cash');
  return {
    rest: restWith(account),
    stream: streamWith(account),
    raw,
    updates,
    truth: await truth.account(account.uid),
  };
}

async function settled<T>(work: Promise<T>): Promise<T | Error> {
  try {
    return await work;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function pickSymbols(simulator: ExchangeSimulator, raw: RawClient): Promise<[string, string]> {
  const products: readonly Answer[] = await raw.read('/api/pro/v1/cash/products');
  const listed = products.map(({ symbol }) => symbol);
  const pairs = simulator.pairs.filter((pair) => listed.includes(pair));
  const [first, second] = [...new Set(['BTC/USDT', 'ETH/USDT', ...pairs, ...listed])].filter((symbol) =>
    listed.includes(symbol),
  );
  if (first === undefined || second === undefined) throw new Error('two markets are needed');
  return [first, second];
}
