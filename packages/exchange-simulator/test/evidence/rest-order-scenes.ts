import { worked } from '../ascendex-stage.ts';
import { type EvidenceStage, openEvidence } from './evidence-stage.ts';
import type { Scene } from './stream-scenes.ts';

const symbol = 'ASD/USDT';
const order = '/~/api/pro/v1/cash/order';
const market = { orderType: 'market', orderPrice: undefined } as const;
const stopLimit = { orderType: 'stop_limit', stopPrice: '0.0900', orderPrice: '0.0910' } as const;
const stopMarket = {
  orderType: 'stop_market',
  stopPrice: '0.0600',
  orderPrice: undefined,
  side: 'sell',
} as const;

function idOf(clientId: string): string {
  return `a19b76daa87bU0420042042${clientId}`;
}

/** Offers up to 0.0712, bids down from 0.0700. */
async function openBook(stage: EvidenceStage): Promise<void> {
  for (const price of ['0.0710', '0.0711', '0.0712']) await stage.offer('sell', '300', price);
  await stage.offer('buy', '900', '0.0700');
}

/** Asks for orders in all the ways that there are. */
async function askForOrders(stage: EvidenceStage, ids: readonly string[]): Promise<void> {
  const get = (path: string, prehash: string, query: Readonly<Record<string, string | number>>) =>
    stage.ask('GET', path, { prehash, query });
  for (const orderId of [...ids, `${ids[0]},`, ids.join(), 'unknown', 'unknown,'])
    await get(`${order}/status`, 'order/status', { orderId });
  await get(`${order}/open`, 'order/open', {});
  await get(`${order}/open`, 'order/open', { symbol: 'NO/PE' });
  for (const n of [500, 0]) await get(`${order}/hist/current`, 'order/hist/current', { n });
  for (const version of ['v1', 'v2'])
    for (const pageSize of [1, 500, 0])
      await get(`/~/api/pro/${version}/order/hist`, 'order/hist', { pageSize });
  for (const account of ['cash', 'savings'])
    await get('/api/pro/data/v2/order/hist', 'data/v2/order/hist', { account });
  for (const name of ['open', 'hist/current', 'status'])
    await get(`/~/api/pro/v1/margin/order/${name}`, `order/${name}`, { orderId: 'unknown,' });
}

/** Orders, from their placing to the lists that they end in. */
export const orderScenes: Readonly<Record<string, Scene>> = {
  async 'orders of all kinds, answered in all ways, and looked for afterwards'(witness) {
    for (const [respInst, waitingStopStatus] of [
      ['ACK', 'New'],
      ['ACCEPT', 'PendingNew'],
      ['DONE', 'New'],
    ] as const) {
      const stage = openEvidence(witness, { waitingStopStatus });
      await openBook(stage);
      const orders = [
        { id: 'filled001', orderQty: '100' },
        { id: 'partly001', orderQty: '400', orderPrice: '0.0711' },
        { id: 'market001', ...market, orderQty: '100' },
        { id: 'market002', ...market, orderQty: '100', side: 'sell' },
        { id: 'crosses01', postOnly: true, orderQty: '100' },
        { id: 'postOnly1', postOnly: true, orderQty: '100', orderPrice: '0.0600' },
        { id: 'immediate', timeInForce: 'IOC', orderQty: '100', orderPrice: '0.0600' },
        { id: 'stopLim01', ...stopLimit, orderQty: '100' },
        { id: 'stopMkt01', ...stopMarket, orderQty: '100' },
        { id: 'filled001', orderQty: '100' },
        { id: 'stopLim02', ...stopLimit, stopPrice: '0.0712', orderPrice: '0.0800', orderQty: '70' },
        { id: 'stopMkt02', ...stopMarket, stopPrice: '0.0699', orderQty: '72' },
        { orderQty: '100', orderPrice: '0.0600', id: undefined },
      ];
      const answers = orders.map((fields) => stage.place({ ...fields, respInst }));
      await stage.pass(5_000);
      await Promise.all(answers);
      await pushMarket(stage);
      await askForOrders(
        stage,
        [...orders.flatMap(({ id }) => (id === undefined ? [] : [id])), 'partly002'].map(idOf),
      );
    }
  },
  async 'first results of orders that wait, and orders in other words'(witness) {
    const choices = { postOnlyCrossing: 'rejected', postOnlyWord: 'POST', uidForm: 'digits' } as const;
    const other = { marketSellPrice: 'protective', feeSignInHistory: 'negative' } as const;
    const stage = openEvidence(witness, { ...choices, ...other });
    await openBook(stage);
    const waiting = [
      { id: 'stopLim01', ...stopLimit, stopPrice: '0.0713', orderPrice: '0.0800', orderQty: '100' },
      { id: 'stopMkt01', ...stopMarket, stopPrice: '0.0699', orderQty: '100' },
      { id: 'postOnly1', postOnly: true, orderQty: '100', orderPrice: '0.0690' },
    ].map((fields) => stage.place({ ...fields, respInst: 'DONE' }));
    for (const respInst of ['ACK', 'ACCEPT', 'DONE']) {
      await stage.place({ id: `${respInst}crosses01`, postOnly: true, orderQty: '100', respInst });
      await stage.place({ ...market, id: `${respInst}market001`, side: 'sell', orderQty: '100', respInst });
    }
    const resting = { id: 'postOnly2', postOnly: true, orderQty: '100', orderPrice: '0.0610' };
    await stage.place({ ...resting, respInst: 'ACCEPT' });
    await stage.offer('sell', '100', '0.0713');
    await pushMarket(stage);
    await stage.pass(5_000);
    await Promise.all(waiting);
    await askForOrders(stage, ['postOnly1', 'postOnly2', 'crosses01', 'market001'].map(shortIdOf));
  },
  async 'orders that are refused'(witness) {
    const stage = openEvidence(witness, { priceBandPercent: 50, surplusParameters: 'refused' });
    const wrong = [
      ...[{ orderQty: 7 }, { time: 1 }, { symbol: 'NO/PE' }, { id: '?' }, { side: 'give' }],
      ...[{ orderType: 'wish' }, { timeInForce: 'NOW' }, { orderType: 'market' }, { orderQty: '0.5' }],
      ...[{ orderPrice: '0.00001' }, { orderQty: '1' }, { ...market }, { orderQty: '90000' }],
    ];
    for (const fields of wrong) await stage.place(fields);
    stage.inject(`halt@0+5:${symbol}`);
    await stage.place();
    await stage.pass(6_000);
    await stage.ask('POST', order, { body: '{' });
    await stage.ask('POST', '/~/api/pro/v1/margin/order', { body: stage.order() });
    for (const orders of [7, [], [stage.order({ orderQty: '1' }), stage.order()]])
      await stage.ask('POST', `${order}/batch`, { prehash: 'order/batch', body: { orders } });
    await stage.ask('POST', '/~/api/pro/v1/margin/order/batch', { prehash: 'order/batch', body: {} });
    const tick = openEvidence(witness, { tickSizeCode: 300014 });
    await tick.place({ orderPrice: '0.00001' });
    const number = openEvidence(witness, { numberCode: 100001 });
    await number.place({ orderPrice: 0.0712 });
  },
  async 'cancels of all kinds, taken and refused'(witness) {
    const stage = openEvidence(witness);
    const cancel = (path: string, prehash: string, body?: unknown) =>
      stage.ask('DELETE', path, { prehash, ...(body === undefined ? {} : { body }) });
    for (const id of ['order0001', 'order0002', 'order0003']) await stage.place({ id, orderQty: '100' });
    const time = stage.now();
    const one = { orderId: idOf('order0001'), symbol, time, id: 'foobar' };
    for (const body of [one, one, { ...one, orderId: '?' }, {}, '{']) await cancel(order, 'order', body);
    const orders = [{ ...one, orderId: idOf('order0002') }];
    for (const body of [{ orders }, { orders }, { orders: [] }, '{'])
      await cancel(`${order}/batch`, 'order/batch', body);
    for (const body of [{ symbol }, undefined, { symbol: 'NO/PE' }, '{'])
      await cancel(`${order}/all`, 'order/all', body);
  },
  async 'a batch that is taken'(witness) {
    const stage = openEvidence(witness);
    await openBook(stage);
    const kinds = [
      { id: 'batch0001', orderQty: '100' },
      { id: 'batch0002', ...market, orderQty: '100' },
      { id: 'batch0003', ...stopLimit, orderQty: '100' },
      { id: 'batch0004', ...stopMarket, orderQty: '100' },
    ];
    const orders = kinds.map((fields) => stage.order(fields));
    await stage.ask('POST', `${order}/batch`, { prehash: 'order/batch', body: { orders } });
  },
};

function shortIdOf(clientId: string): string {
  return idOf(clientId).replace('U', '');
}

/** The price goes up to the offers that are left, and down to the bids. */
async function pushMarket(stage: EvidenceStage): Promise<void> {
  await stage.offer('buy', '1000', '0.0720');
  await stage.offer('sell', '1700', '0.0650');
  await stage.offer('buy', '200', '0.0660');
  const other = { symbol: 'SOL/USDT', orderPrice: '10' };
  await stage.offer('sell', '1', '10', 'SOL/USDT');
  await stage.place({ ...other, id: 'partly002', orderQty: '2', time: worked.timeMs });
}
