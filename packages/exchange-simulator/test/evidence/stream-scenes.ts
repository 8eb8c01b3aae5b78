import { type EvidenceClient, type EvidenceStage, openEvidence, signed } from './evidence-stage.ts';
import type { Witness } from './witness.ts';

/** Something that happens on a running exchange, by what happens. */
export type Scene = (witness: Witness) => Promise<void>;

const symbol = 'ASD/USDT';
const workedId = 's19b76daa87bU0420042042k7Qm2Zt9X';

/** A customer who hears of orders. */
function listener(stage: EvidenceStage, ready = false): EvidenceClient {
  const client = stage.connect();
  client.logIn(ready);
  client.send({ op: 'sub', id: 's1', ch: 'order:cash' });
  return client;
}

/** Three offers of the worked example. */
async function offers(stage: EvidenceStage): Promise<void> {
  for (const [size, price] of [
    ['120', '0.0710'],
    ['200', '0.0711'],
    ['180', '0.0712'],
  ] as const)
    await stage.offer('sell', size, price);
}

/** What sessions go through. */
const sessions: Readonly<Record<string, Scene>> = {
  async 'greetings in all forms, by message and by headers'(witness) {
    for (const greetingKey of ['m', 'op', 'both'] as const) {
      const stage = openEvidence(witness, { greetingKey });
      stage.connect();
      stage.connect(undefined, signed('ann', 'stream', stage.now()));
    }
  },
  async 'pings of both sides, and the end of a silent client'(witness) {
    const stage = openEvidence(witness);
    const client = stage.connect();
    client.send({ op: 'ping', id: 'p' });
    client.send({ op: 'ping' });
    client.send('pong');
    for (let round = 0; round < 5; round += 1) await stage.pass(30_000);
  },
  async 'logins that work, and logins that do not'(witness) {
    const stage = openEvidence(witness);
    listener(stage);
    listener(stage, true);
    stage.connect('/7/api/pro/v2/stream').logIn();
    stage.connect().send(loginWithoutId(stage));
    for (const path of ['/api/pro/v1/stream', '/8/api/pro/v1/stream']) stage.connect(path).logIn();
    const client = stage.connect();
    client.send({ op: 'auth', t: 1, key: 'nobody', sig: 'nothing' });
    for (let id = 1; id < 15; id += 1) client.send({ op: 'auth', id });
  },
  async 'messages that nobody can serve'(witness) {
    const client = openEvidence(witness).connect();
    for (const text of ['pong ', '[]', '{', '{"op":"dance","id":"d"}', '{"op":"req"}', '{"op":"sub"}'])
      client.send(text);
    for (const ch of ['depth', 'dance:BTC', 'order:cash', `bar:7:${symbol}`, 'ref-px:BTC'])
      client.send({ op: 'sub', id: 'x', ch });
    for (const action of [
      'dance',
      'open-order',
      'depth-snapshot',
      'depth-snapshot-realtime',
      'market-trades',
    ])
      client.ask(action, { symbol: 'NO/PE' });
  },
};

/** What is public, and what a login adds to it. */
const market: Readonly<Record<string, Scene>> = {
  async 'every channel of a market that trades'(witness) {
    const options = { market: { kind: 'synthetic', seed: 'evidence', pairs: 4 } as const };
    const stage = openEvidence(witness, {}, options);
    const pairs = ['BTC/USDT', 'ETH/USDT', 'SHIB/USDT'];
    const client = stage.connect();
    client.logIn();
    for (const channel of ['depth', 'depth-realtime', 'trades', 'bbo', 'bar:1', 'bar:1d', 'summary'])
      client.send({ op: 'sub', id: channel, ch: `${channel}:${pairs}` });
    client.send({ op: 'sub', ch: `depth:NO/PE` });
    client.send({ op: 'sub', id: 2, ch: 'depth:NO/PE' });
    for (const action of [
      'depth-snapshot',
      'depth-snapshot-top100',
      'depth-snapshot-realtime',
      'market-trades',
    ])
      for (const pair of pairs) client.ask(action, { symbol: pair });
    for (let second = 0; second < 70; second += 1) {
      await stage.pass(1_000);
      client.send({ op: 'pong' });
    }
    for (const pair of pairs) client.ask('market-trades', { symbol: pair, level: 5 });
    client.send({ op: 'req', action: 'market-trades', args: { symbol: 'BTC/USDT' } });
    client.ask('depth-snapshot-realtime', { symbol: 'NO/PE' });
    client.ask('depth-snapshot-realtime', { symbol: 'NO/PE' }, { id: undefined });
    for (const ch of ['depth', 'trades:*', `bbo:${pairs}`, 'bar:1', 'bar:*:BTC/USDT']) {
      client.send({ op: 'unsub', id: 'u', ch });
    }
  },
  async 'a book of one side, and confirmations in another style'(witness) {
    const stage = openEvidence(witness, { confirmations: 'together', unsubscribeCode: false });
    const client = stage.connect();
    for (const ch of [`bbo:${symbol},BTC/USDT`, `depth:${symbol}`]) client.send({ op: 'sub', ch });
    await stage.offer('sell', '100', '0.0710');
    await stage.pass(1_000);
    await stage.offer('buy', '100', '0.0710');
    await stage.offer('buy', '100', '0.0700');
    await stage.pass(1_000);
    client.send({ op: 'unsub', ch: `bbo:${symbol},BTC/USDT` });
  },
};

/** Lives of orders. */
const lives: Readonly<Record<string, Scene>> = {
  async 'orders of all kinds, told in both modes'(witness) {
    for (const ready of [false, true]) {
      const stage = openEvidence(witness, { waitingStopStatus: ready ? 'New' : 'PendingNew' });
      const client = listener(stage, ready);
      await offers(stage);
      client.ask('place-order', stage.order());
      await stage.offer('buy', '300', '0.0700');
      const orders = [
        { id: 'rests0001', orderPrice: '0.0650', orderQty: '100' },
        { id: 'market001', orderType: 'market', orderPrice: undefined, side: 'sell', orderQty: '100' },
        {
          id: 'stopLim01',
          orderType: 'stop_limit',
          stopPrice: '0.0900',
          orderPrice: '0.0910',
          orderQty: '100',
        },
        { id: 'stopMkt01', orderType: 'stop_market', stopPrice: '0.0600', side: 'sell', orderQty: '100' },
        { id: 'postOnly1', postOnly: true, orderPrice: '0.0660', orderQty: '100' },
        { id: 'immediate', timeInForce: 'IOC', orderPrice: '0.0680', orderQty: '100' },
        { id: 'all0or0no', timeInForce: 'FOK', orderPrice: '0.0680', orderQty: '100' },
        { orderPrice: '0.0650', orderQty: '100' },
      ];
      for (const fields of orders) client.ask('place-order', stage.order(fields));
      await stage.offer('sell', '90', '0.0800');
      const crossing = { id: 'crosses01', postOnly: true, orderPrice: '0.0800', orderQty: '100' };
      client.ask('place-order', stage.order(crossing));
      client.ask('open-order');
      client.ask('open-order', {}, { id: undefined });
      client.ask('cancel-all', { symbol });
    }
  },
  async 'an order is filled by the other customer, and a stop order by the market'(witness) {
    const stage = openEvidence(witness, {
      ...{ announcedTriggers: true, postOnlyWord: 'POST', streamOrderStatus: 'answered' },
    });
    const client = listener(stage);
    client.ask('place-order', stage.order({ postOnly: true }));
    const stop = { id: 'stopMkt01', orderType: 'stop_market', stopPrice: '0.0712', orderPrice: undefined };
    client.ask('place-order', stage.order({ ...stop, side: 'sell', orderQty: '100' }));
    await stage.offer('sell', '200', '0.0712');
    client.ask('open-order');
    client.ask('order-status', { orderId: workedId });
    await stage.offer('sell', '300', '0.0712');
  },
  async 'orders in other words: older ids, prices of sales'(witness) {
    const stage = openEvidence(witness, { uidForm: 'digits', marketSellPrice: 'protective' });
    const client = listener(stage);
    await stage.offer('buy', '300', '0.0700');
    client.send({ op: 'sub', ch: 'order:margin' });
    await stage.place({ orderPrice: '0.0650' });
    await stage.place({ id: 'sold00001', orderType: 'market', side: 'sell', orderQty: '100' });
  },
  async 'orders that die on the way to a slow engine'(witness) {
    const stage = openEvidence(witness);
    const client = listener(stage);
    stage.inject('slow-engine@0+60,seconds=1');
    for (const id of ['slow00001', 'slow00002'])
      client.ask('place-order', stage.order({ id, orderQty: '9000' }));
    await stage.pass(2_000);
    client.ask(
      'place-order',
      stage.order({ id: 'slow00003', orderQty: '100', symbol: 'SOL/USDT', orderPrice: '1' }),
    );
    stage.inject('halt@0+30:SOL/USDT');
    await stage.pass(2_000);
  },
  async 'a post-only order is rejected rather than canceled'(witness) {
    const stage = openEvidence(witness, { postOnlyCrossing: 'rejected', duplicateIds: 'refused' });
    const client = listener(stage);
    await offers(stage);
    client.ask('place-order', stage.order({ postOnly: true }));
    client.ask('place-order', stage.order());
    client.ask('place-order', stage.order());
  },
};

/** Requests, refusals and what else an account hears. */
const requests: Readonly<Record<string, Scene>> = {
  async 'cancels that are refused, told in both modes'(witness) {
    for (const ready of [false, true]) {
      const stage = openEvidence(witness);
      const client = listener(stage, ready);
      const cancel = (orderId: string): object => ({ time: stage.now(), orderId, symbol, id: 'foobar' });
      client.ask('cancel-order', cancel(workedId));
      client.ask('cancel-order', cancel('?'));
      client.ask('place-order', stage.order());
      client.ask('cancel-order', cancel(workedId));
      client.ask('cancel-order', cancel(workedId));
      await stage.pass(2_000);
      client.ask('cancel-order', cancel(workedId));
      await standStill(stage, client);
    }
  },
  async 'what the account is asked for, with what is refused otherwise'(witness) {
    const stage = openEvidence(witness, { streamOrderStatus: 'answered', streamBalances: 'answered' });
    const client = listener(stage);
    await offers(stage);
    client.ask('place-order', stage.order({ orderQty: '700' }));
    const stop = { id: 'stopMkt01', orderType: 'stop_market', stopPrice: '0.0712', side: 'sell' };
    client.ask('place-order', stage.order({ ...stop, orderPrice: undefined, orderQty: '100' }));
    const market1 = { id: 'market001', orderType: 'market', orderPrice: undefined, orderQty: '100' };
    client.ask('place-order', stage.order({ ...market1, side: 'sell' }));
    const limit = { id: 'stopLim01', orderType: 'stop_limit', stopPrice: '0.0900', orderQty: '100' };
    client.ask('place-order', stage.order({ ...limit, orderPrice: '0.0910' }));
    client.ask(
      'place-order',
      stage.order({ id: 'postOnly1', postOnly: true, orderPrice: '0.05', orderQty: '200' }),
    );
    client.ask('place-order', stage.order({ id: 'rests0001', orderPrice: '0.05', orderQty: '200' }));
    client.ask('cancel-order', { time: stage.now(), orderId: idOf('rests0001'), symbol });
    client.ask('place-order', stage.order({ id: 'bought001', orderQty: '120' }));
    await stage.offer('sell', '600', '0.0712');
    const names = ['k7Qm2Zt9X', 'stopMkt01', 'market001', 'stopLim01', 'postOnly1', 'rests0001', 'bought001'];
    client.ask('order-status', { orderId: names.map(idOf) });
    client.send({ op: 'req', action: 'order-status', args: { orderId: idOf('k7Qm2Zt9X') } });
    client.ask('balance');
    client.send({ op: 'req', action: 'balance' });
    client.send({ op: 'sub', ch: 'order:margin' });
    const body = { amount: '11', asset: 'USDT', fromAccount: 'cash', toAccount: 'margin' };
    await stage.ask('POST', '/~/api/pro/v1/transfer', { body });
  },
  async 'batches that are taken, and batches that are not'(witness) {
    const stage = openEvidence(witness);
    const client = listener(stage);
    await offers(stage);
    const orders = [
      { id: 'batch0001', orderQty: '100', orderPrice: '0.0650' },
      { id: 'batch0002', orderType: 'market', orderPrice: undefined, orderQty: '100' },
      {
        id: 'batch0003',
        orderType: 'stop_limit',
        stopPrice: '0.0900',
        orderPrice: '0.0910',
        orderQty: '100',
      },
      {
        id: 'batch0004',
        orderType: 'stop_market',
        stopPrice: '0.0900',
        orderPrice: undefined,
        orderQty: '100',
      },
    ].map((fields) => stage.order(fields));
    client.ask('batch-place-order', { orders });
    const cancels = [{ time: stage.now(), orderId: idOf('batch0001'), symbol }];
    client.ask('batch-cancel-order', { orders: cancels });
    client.ask('batch-cancel-order', { orders: cancels });
    client.ask('batch-cancel-order', { orders: [] });
    client.ask('batch-place-order', { orders: [stage.order({ orderQty: '1' }), stage.order()] });
    client.ask('batch-place-order', {});
    for (const action of ['place-order', 'cancel-order', 'cancel-all'])
      client.ask(action, {}, { account: 'margin' });
    client.ask('place-order', stage.order({ orderQty: '1' }));
    client.ask('cancel-order', {});
    client.ask('cancel-all', { symbol: 'NO/PE' });
    client.ask('cancel-all');
  },
};

function loginWithoutId(stage: EvidenceStage): object {
  const { 'x-auth-key': key, 'x-auth-signature': sig } = signed('ann', 'stream', stage.now());
  return { op: 'auth', t: stage.now(), key, sig };
}

function idOf(clientId: string): string {
  return `${workedId.slice(0, 23)}${clientId}`;
}

/** Cancels while the market stands still. */
async function standStill(stage: EvidenceStage, client: EvidenceClient): Promise<void> {
  client.ask('place-order', stage.order({ id: 'waits0001' }));
  stage.inject(`halt@0+10:${symbol}`);
  const [order] = client.messages
    .flatMap(({ action, info }) => (action === 'place-order' ? [(info as { orderId: string }).orderId] : []))
    .slice(-1);
  client.ask('cancel-order', { time: stage.now(), orderId: order, symbol });
  await stage.pass(20_000);
}

/** Everything that the stream may say. */
export const streamScenes: Readonly<Record<string, Scene>> = {
  ...sessions,
  ...market,
  ...lives,
  ...requests,
};
