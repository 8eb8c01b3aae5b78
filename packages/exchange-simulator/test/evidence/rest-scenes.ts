import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { createAscendexDialect } from '../../src/dialect/ascendex/ascendex-dialect.ts';
import type { Dialect } from '../../src/dialect/dialect.ts';
import { loadReplay } from '../../src/index.ts';
import { openEvidence } from './evidence-stage.ts';
import { accountScenes } from './rest-account-scenes.ts';
import { orderScenes } from './rest-order-scenes.ts';
import type { Scene } from './stream-scenes.ts';

const symbol = 'ASD/USDT';

const publicScenes: Readonly<Record<string, Scene>> = {
  async 'what everybody may ask for'(witness) {
    const stage = openEvidence(witness);
    const get = (name: string, query = {}) => stage.ask('GET', `/api/pro/${name}`, { query, by: 'nobody' });
    for (const name of ['v1/assets', 'v2/assets', 'v1/products', 'v1/cash/products', 'v1/margin/products'])
      await get(name);
    for (const name of ['v2/futures/contract', 'v1/barhist/info', 'v1/exchange-info']) await get(name);
    await get('v1/exchange-info', { requestTime: stage.now() });
    await get('v1/exchange-info', { requestTime: 'now' });
    await stage.offer('sell', '100', '0.0710');
    await stage.pass(1_000);
    for (const name of ['v1/spot/ticker', 'v1/ticker'])
      for (const asked of ['', symbol, `${symbol},`, 'NO/PE']) await get(name, { symbol: asked });
    await stage.offer('buy', '100', '0.0710');
    await stage.offer('buy', '100', '0.0700');
    await stage.pass(1_000);
    for (const name of ['v1/spot/ticker', 'v1/ticker'])
      for (const asked of ['', symbol]) await get(name, { symbol: asked });
    for (const name of ['v1/depth', 'v1/trades'])
      for (const asked of ['', symbol, 'NO/PE']) await get(name, { symbol: asked });
    await get('v1/trades', { symbol, n: 0 });
    await get('v1/barhist', { symbol, interval: '1' });
    await get('v1/barhist', { symbol, interval: '7' });
    await get('v1/barhist', { symbol, interval: '1d', n: 5 });
  },
  async 'a recording is played: nothing is traded, and nobody knows what was'(witness) {
    const { sessionFile, productsFile } = syntheticSession;
    const replay = await loadReplay({ sessionFile, productsFile });
    const market = { kind: 'replay', ...replay, speed: 'max' } as const;
    const stage = openEvidence(witness, {}, { market });
    for (const name of ['v1/spot/ticker', 'v1/ticker'])
      for (const asked of ['', 'BTC/USDT'])
        await stage.ask('GET', `/api/pro/${name}`, { query: { symbol: asked }, by: 'nobody' });
    await stage.place();
    const body = { amount: '11.5', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };
    await stage.ask('POST', '/~/api/pro/v1/transfer', { body });
  },
  async 'other styles of bars'(witness) {
    const choices = { emptyBars: 'flat', barOrder: 'descending', defaultBars: 1 } as const;
    const stage = openEvidence(witness, choices);
    await stage.ask('GET', '/api/pro/v1/barhist', { query: { symbol, interval: '1' }, by: 'nobody' });
  },
  async 'what an address may do, and after it did too much'(witness) {
    const stage = openEvidence(witness, { limits: { stream: [1, 2] } });
    const risk = async (): Promise<void> => {
      for (const version of ['v1', 'v2'])
        await stage.ask('GET', `/api/pro/${version}/risk-limit-info`, { by: 'nobody' });
    };
    await risk();
    const client = stage.connect();
    for (let round = 0; round < 4; round += 1) client.send({ op: 'sub', ch: `depth:${symbol}` });
    await risk();
  },
  async 'what is not there, what is too long, and what goes wrong'(witness) {
    const stage = openEvidence(witness);
    await stage.ask('GET', '/api/pro/v1/nothing', { by: 'nobody' });
    await stage.ask('POST', '/api/pro/v1/cash/order', { body: {} });
    await stage.ask('GET', '/api/pro/v1/depth', { query: { symbol: 'A'.repeat(2_048) }, by: 'nobody' });
    const broken = openEvidence(witness, {}, { dialect: breakingDialect() });
    await broken.ask('GET', '/api/pro/v1/spot/ticker', { by: 'nobody' });
  },
};

/** AscendEX over a market that cannot be summed up. */
function breakingDialect(): Dialect {
  const dialect = createAscendexDialect();
  const summary = (): never => {
    throw new Error('broken on purpose');
  };
  return {
    ...dialect,
    open(venue) {
      const market = new Proxy(venue.market, {
        get(target, name) {
          if (name === 'summary') return summary;
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      return dialect.open({ ...venue, market });
    },
  };
}

/** Everything that REST may say. */
export const restScenes: Readonly<Record<string, Scene>> = {
  ...publicScenes,
  ...accountScenes,
  ...orderScenes,
};
