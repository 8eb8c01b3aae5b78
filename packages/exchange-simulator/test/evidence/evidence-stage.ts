import { createHmac } from 'node:crypto';
import { createAscendexDialect } from '../../src/dialect/ascendex/ascendex-dialect.ts';
import type { AscendexChoices } from '../../src/dialect/ascendex/ascendex-options.ts';
import {
  createExchangeSimulator,
  type ExchangeSimulator,
  type Fault,
  parseFault,
  type SimulatorOptions,
} from '../../src/index.ts';
import type { ApiKeyOptions } from '../../src/users/user-types.ts';
import { stageRules, stageUser, worked } from '../ascendex-stage.ts';
import { createHandMadeRuntime, type HandMadeRuntime } from '../hand-made-runtime.ts';
import type { Witness } from './witness.ts';

/** The second customer, whose orders the first one meets. */
const other = { key: 'simOnlyKeyOfTheOtherCustomer0000', secret: 'simOnlySecretOfTheOtherCustomer' };
/** Keys of the first customer that may not do everything. */
const lesser = { secret: 'simOnlySecretOfALesserKey' };
const lesserKeys: Readonly<Record<'blind' | 'idle' | 'stale' | 'away', ApiKeyOptions & Pair>> = {
  blind: { ...lesser, key: 'simOnlyKeyThatMayNotViewAnything', canView: false },
  idle: { ...lesser, key: 'simOnlyKeyThatMayNotTrade0000000', canTrade: false, canTransfer: false },
  stale: { ...lesser, key: 'simOnlyKeyThatHasExpired00000000', expiresAtMs: 1 },
  away: { ...lesser, key: 'simOnlyKeyForOneAddress000000000', allowedIps: ['192.0.2.7'] },
};

/** A key and its secret. */
interface Pair {
  readonly key: string;
  readonly secret: string;
}

/** Who asks: the customer of the worked examples, the other one, or with a key that may not do everything. */
export type Asker = 'ann' | 'bob' | keyof typeof lesserKeys;

const credentials: Readonly<Record<Asker, Pair>> = {
  ...{ ann: worked, bob: other },
  ...lesserKeys,
};
const plenty = { USDT: '1000000', ASD: '1000000', BTC: '1000', ETH: '1000', SOL: '1000' };

export interface AskOptions {
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: unknown;
  /** Path that is signed; the last part of the path if left out. */
  readonly prehash?: string;
  /** Nobody signs if it is `undefined` on purpose. */
  readonly by?: Asker | 'nobody';
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer, looked into by scenes. */
export interface Told {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: bodies differ.
  readonly body: any;
}

export interface EvidenceClient {
  /** Names of the entries of what came since the last time. */
  heard(): readonly string[];
  /** What came, parsed. */
  readonly messages: readonly Record<string, unknown>[];
  send(message: object | string): void;
  /** Sends a request for an action; gives the names of what came for it. */
  ask(action: string, args?: object, rest?: object): readonly string[];
  logIn(ready?: boolean): void;
  readonly ends: readonly (string | number)[];
}

export interface EvidenceStage {
  readonly runtime: HandMadeRuntime;
  readonly simulator: ExchangeSimulator;
  now(): number;
  ask(method: string, path: string, options?: AskOptions): Promise<Told>;
  /** Places an order of the customer; a limit buy of 500 ASD at 0.0712 unless `fields` say otherwise. */
  place(fields?: object, by?: Asker): Promise<Told>;
  /** The other customer offers, or bids. */
  offer(side: 'buy' | 'sell', size: string, price: string, symbol?: string): Promise<void>;
  connect(path?: string, headers?: Readonly<Record<string, string>>): EvidenceClient;
  /** Fields of an order as a client sends them now. */
  order(fields?: object): object;
  inject(fault: string | Fault): void;
  pass(ms: number): Promise<void>;
}

/** A running exchange with the pairs of the worked examples, and all that it says under the eyes of a witness. */
export function openEvidence(
  witness: Witness,
  choices: AscendexChoices = {},
  options: Partial<SimulatorOptions> = {},
): EvidenceStage {
  const runtime = createHandMadeRuntime();
  runtime.pass(worked.timeMs - runtime.clock.now());
  const dialect = createAscendexDialect(choices);
  // Another market may have other assets.
  const otherMoney = options.market === undefined ? {} : { balances: { USDT: '1000' } };
  const simulator = createExchangeSimulator({
    market: { kind: 'synthetic', seed: 'evidence', pairs: stagePairs, traders: false },
    users: [
      { ...stageUser, ...otherMoney, keys: [...(stageUser.keys ?? []), ...Object.values(lesserKeys)] },
      { uid: 'U0420042043', group: 8, balances: plenty, ...otherMoney, keys: [other] },
    ],
    ...{ runtime, dialect, ...options },
  });
  const now = (): number => runtime.clock.now();
  const order = (fields: object = {}): object => ({
    ...{ id: 'k7Qm2Zt9X', time: now(), symbol: 'ASD/USDT', orderPrice: '0.0712' },
    ...{ orderQty: '500', orderType: 'limit', side: 'buy', ...fields },
  });

  async function ask(method: string, path: string, asked: AskOptions = {}): Promise<Told> {
    const { query = {}, body, by = 'ann', prehash = path.split('/').at(-1) ?? '', headers = {} } = asked;
    const group = by === 'bob' ? 8 : worked.group;
    const full = path.replace('~', String(group));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) search.set(name, String(value));
    const request = new Request(`http://venue.test${full}${search.size === 0 ? '' : `?${search}`}`, {
      method,
      headers: { ...(by === 'nobody' ? {} : signed(by, prehash, now())), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const response = await simulator.fetch(request);
    const text = await response.text();
    witness.answer(method, full, response.status, text);
    return { status: response.status, body: JSON.parse(text) };
  }

  const place = (fields: object = {}, by: Asker = 'ann'): Promise<Told> =>
    ask('POST', '/~/api/pro/v1/cash/order', { body: order(fields), by });
  let offers = 0;
  return {
    ...{ runtime, simulator, now, ask, place, order },
    async offer(side, orderQty, orderPrice, symbol = 'ASD/USDT') {
      offers += 1;
      const id = `offer${1_000 + offers}`;
      const { body } = await place({ id, side, orderQty, orderPrice, symbol }, 'bob');
      if (body.code !== 0) throw new Error(`offer: ${JSON.stringify(body)}`);
    },
    connect: (path = `/${worked.group}/api/pro/v1/stream`, headers = {}) =>
      connect(simulator, witness, now, path, headers),
    inject: (fault) => simulator.inject(typeof fault === 'string' ? parseFault(fault) : fault),
    async pass(ms) {
      await new Promise(setImmediate);
      runtime.pass(ms);
      await new Promise(setImmediate);
    },
  };
}

const stagePairs = stageRules.map((rules) => ({
  ...{ symbol: rules.symbol, rules, homeTicks: 1_000, activity: 1, volatility: 0.03 },
  ...{ lotsPerDay: 100_000, typicalLots: 100 },
}));

/** Headers of a signed request. */
export function signed(by: Asker, prehash: string, nowMs: number): Record<string, string> {
  const { key, secret } = credentials[by];
  const signature = createHmac('sha256', secret).update(`${nowMs}+${prehash}`).digest('base64');
  return { 'x-auth-key': key, 'x-auth-timestamp': String(nowMs), 'x-auth-signature': signature };
}

function connect(
  simulator: ExchangeSimulator,
  witness: Witness,
  now: () => number,
  path: string,
  headers: Readonly<Record<string, string>>,
): EvidenceClient {
  const names: string[] = [];
  const messages: Record<string, unknown>[] = [];
  const ends: (string | number)[] = [];
  const opened = simulator.connect(
    { path, headers: new Headers(headers) },
    {
      send(text) {
        names.push(witness.message(text));
        messages.push(JSON.parse(text));
      },
      pong: () => {},
      cut: () => void ends.push('cut'),
      close: (code) => void ends.push(code),
      bufferedBytes: 0,
    },
  );
  if ('refusedWith' in opened) throw new Error(`refused with ${opened.refusedWith}`);
  const send = (message: object | string): void =>
    opened.receive(typeof message === 'string' ? message : JSON.stringify(message));
  const heard = (): readonly string[] => names.splice(0);
  return {
    ...{ messages, ends, send, heard },
    ask(action, args = {}, rest = {}) {
      heard();
      send({ op: 'req', id: 'r1', action, args, ...rest });
      return heard();
    },
    logIn(ready = false) {
      const version = path.includes('/v2/') ? 'v2/stream' : 'stream';
      const login = signed('ann', version, now());
      const sig = login['x-auth-signature'];
      send({ op: 'auth', id: 'a1', t: now(), key: worked.key, sig, ...(ready && { ack: 'ready' }) });
    },
  };
}
