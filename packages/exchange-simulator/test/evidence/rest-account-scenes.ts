import { endpoints } from './catalogue.ts';
import { openEvidence } from './evidence-stage.ts';
import type { Scene } from './stream-scenes.ts';

const dayMs = 86_400_000;

/** What a customer asks about accounts and keys. */
export const accountScenes: Readonly<Record<string, Scene>> = {
  async 'every signed path without a signature, and signed in every way that is taken'(witness) {
    const stage = openEvidence(witness, { balanceHistoryRequests: 100 });
    for (const { method, path, signed } of endpoints.filter(({ signed: paths }) => paths.length > 0)) {
      await stage.ask(method, path, { by: 'nobody' });
      for (const prehash of signed)
        await stage.ask(method, path, { prehash, ...(method === 'GET' ? {} : { body: {} }) });
    }
  },
  async 'keys that may not, and signatures that are not right'(witness) {
    for (const authErrorHttpStatus of [200, 401, 403] as const) {
      const stage = openEvidence(witness, { authErrorHttpStatus });
      for (const by of ['blind', 'idle', 'stale', 'away'] as const) {
        await stage.ask('GET', '/~/api/pro/v1/cash/balance', { by });
        await stage.place({}, by);
      }
      await stage.ask('GET', '/api/pro/v1/info', { prehash: 'nonsense' });
      await stage.ask('GET', '/api/pro/v1/info', { headers: { 'x-auth-timestamp': '1' } });
      await stage.ask('GET', '/8/api/pro/v1/cash/balance', {});
    }
  },
  async 'fees and balances, and money that moves'(witness) {
    const stage = openEvidence(witness);
    await stage.ask('GET', '/~/api/pro/v1/spot/fee', {});
    await stage.ask('GET', '/~/api/pro/v1/spot/fee/info', { prehash: 'fee/info' });
    await stage.ask('GET', '/~/api/pro/v1/cash/balance', { query: { showAll: true } });
    const body = { amount: '11.5', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };
    for (const path of ['/~/api/pro/v1/transfer', '/~/api/pro/transfer'])
      for (const one of [body, { ...body, amount: '-1' }, '{']) await stage.ask('POST', path, { body: one });
    for (const category of ['cash', 'margin'])
      await stage.ask('GET', `/~/api/pro/v1/${category}/balance`, { query: { asset: 'USDT' } });
    await stage.ask('GET', '/~/api/pro/v1/margin/balance', { query: { asset: 'NOPE' } });
  },
  async 'addresses and transactions'(witness) {
    const stage = openEvidence(witness);
    const wallet = (name: string, query: Readonly<Record<string, string | number>>) =>
      stage.ask('GET', `/api/pro/v1/wallet/${name}`, { query, prehash: `wallet/${name}` });
    stage.inject('foreign-money@0,asset=USDT,amount=-5');
    for (const asset of ['USDT', 'NOPE']) await wallet('deposit/address', { asset });
    await wallet('deposit/address', { asset: 'USDT', blockchain: 'Moon' });
    for (const pageSize of [1, 50, 51]) await wallet('transactions', { pageSize });
  },
  async 'balances of the past, of both accounts, until that is too much'(witness) {
    const stage = openEvidence(witness);
    await stage.offer('sell', '500', '0.0710');
    await stage.place({ orderQty: '100' });
    const marketOrder = { orderType: 'market', orderPrice: undefined, orderQty: '100' };
    await stage.place({ ...marketOrder, id: 'market001' });
    const stop = { stopPrice: '0.0700', side: 'sell', orderQty: '100' };
    await stage.place({ id: 'stopMkt01', orderType: 'stop_market', orderPrice: undefined, ...stop });
    await stage.place({ id: 'stopLim01', orderType: 'stop_limit', ...stop, orderPrice: '0.0600' });
    await stage.offer('buy', '500', '0.0700');
    await stage.offer('sell', '100', '0.0700');
    await stage.place({ id: 'rests0001', orderQty: '100', orderPrice: '0.0690' });
    await stage.offer('sell', '500', '0.0690');
    stage.inject('foreign-money@0,asset=USDT,amount=-5');
    const body = { amount: '11.5', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };
    await stage.ask('POST', '/~/api/pro/v1/transfer', { body });
    await stage.pass(2 * dayMs);
    for (const category of ['cash', 'margin']) {
      const data = (name: string, query: Readonly<Record<string, string | number>>) =>
        stage.ask('GET', `/api/pro/data/v1/${category}/balance/${name}`, {
          ...{ query, prehash: `data/v1/${category}/balance/${name}` },
        });
      await data('snapshot', { date: '2026-01-02' });
      await data('history', { sn: 0 });
      for (let round = 0; round < 8; round += 1)
        for (const name of ['snapshot', 'history']) await data(name, {});
      await stage.pass(60_000);
    }
  },
};
