/** A message or an answer as the documents show or describe it, with numbers of our own. */
export interface Sample {
  readonly section: string;
  readonly json: string;
  /** Method and path of an answer; a message of the stream if left out. */
  readonly call?: readonly [method: string, path: string];
  /** In what ours differs. Each has to be listed with the entry, as a difference from this section. */
  readonly deviations?: readonly string[];
}

const account = '"accountId":"cshSim000000000000000000000000A1","ac":"CASH"';
const rest = '"ac":"CASH","accountId":"cshSim000000000000000000000000A1"';
const order = ['POST', '/7/api/pro/v1/cash/order'] as const;
const levels = '"asks":[["0.0711","120"]],"bids":[["0.071","5"]]';

/** Third message of the worked example about fills. */
export const workedOrder: string =
  `{"m":"order",${account},"data":{"s":"ASD/USDT","sn":41000000107,"orderId":"a19b76daa87bU0420042042k7Qm2Zt9X",` +
  '"ot":"Limit","sd":"Buy","ei":"NULL_VAL","p":"0.0712","q":"500","sp":"","st":"PartiallyFilled","err":"",' +
  '"ap":"0.0710625","cfq":"320","cf":"0.02274","fa":"USDT","btb":"570","bab":"570","qtb":"977.23726",' +
  '"qab":"964.408444","t":1767225600642}}';

/** The answer of the worked example about ids. */
export const workedAck: string =
  `{"code":0,"data":{${rest},"action":"place-order","status":"Ack","info":{"id":"k7Qm2Zt9X",` +
  '"orderId":"a19b76daa87bU0420042042k7Qm2Zt9X","orderType":"Limit","symbol":"ASD/USDT","timestamp":1767225600391}}}';

const sessionSamples: readonly Sample[] = [
  { section: '2.5', json: '{"m":"auth","id":"a1","code":0}' },
  { section: '2.5', json: '{"m":"auth","id":"a1","code":200006,"err":"no"}' },
  { section: '7.1', json: '{"m":"connected","type":"unauth"}' },
  { section: '7.1', json: '{"op":"connected","type":"auth"}' },
  {
    section: '7.1',
    json: '{"m":"disconnected","code":100005,"reason":"INVALID_WS_REQUEST_DATA","info":"no pongs"}',
  },
  { section: '7.1', json: '{"m":"error","id":"x","code":100008,"reason":"SYMBOL_ERROR","info":"no"}' },
  { section: '7.2', json: '{"m":"ping","hp":3}' },
  {
    section: '7.2',
    json: '{"m":"pong","code":0,"ts":1767225600123,"hp":2}',
    deviations: ['pong.hp: expected one of 3, got 2'],
  },
  { section: '7.3', json: '{"m":"sub","id":"s1","ch":"trades:ASD/USDT","code":0}' },
  { section: '7.3', json: '{"m":"unsub","id":"u1","ch":"bar:*:ASD/USDT","code":0}' },
  { section: '7.3', json: '{"m":"unsub","id":"u1","ch":"bar:*:ASD/USDT"}' },
  { section: '7.3', json: '{"m":"sub","id":"s2","ch":"depth:NOPE/USDT","code":100008,"reason":"no"}' },
];

const marketSamples: readonly Sample[] = [
  {
    section: '7.4',
    json: '{"m":"bbo","symbol":"ASD/USDT","data":{"ts":1767225600123,"bid":["0.071","5"],"ask":["0.0711","120"]}}',
  },
  {
    section: '7.4',
    json: `{"m":"depth","symbol":"ASD/USDT","data":{"ts":1767225600123,"seqnum":7,${levels}}}`,
  },
  {
    section: '7.4',
    json: `{"m":"depth-realtime","symbol":"ASD/USDT","data":{"ts":1767225600123,"seqnum":7,${levels}}}`,
  },
  {
    section: '7.4',
    json: '{"m":"trades","symbol":"ASD/USDT","data":[{"p":"0.071","q":"5","ts":1767225600123,"bm":true,"seqnum":144115207815068068}]}',
  },
  {
    section: '7.4',
    json: '{"m":"bar","s":"ASD/USDT","data":{"i":"5","ts":1767225600000,"o":"0.0712","c":"0.0715","h":"0.0719","l":"0.0709","v":"48210"}}',
  },
  {
    section: '7.6',
    json: `{"m":"depth-snapshot","symbol":"ASD/USDT","data":{"seqnum":7,"ts":1767225600123,${levels}}}`,
    deviations: ['depth-snapshot.data: expected the order ts,seqnum,asks,bids, got seqnum,ts,asks,bids'],
  },
  {
    section: '7.6',
    json: '{"m":"market-trades","id":"r1","symbol":"ASD/USDT","data":[]}',
  },
];

const ownSamples: readonly Sample[] = [
  { section: '6.5', json: workedOrder },
  {
    section: '6.7',
    json: `{"m":"balance",${account},"data":{"a":"USDT","sn":41000000230,"tb":"1264.408444","ab":"1264.408444"}}`,
  },
  {
    section: '7.6',
    json: `{"m":"order",${account},"action":"place-order","status":"Ack","info":{"symbol":"ASD/USDT","orderType":"Limit","timestamp":1767225600391,"id":"k7Qm2Zt9X","orderId":"s19b76daa87bU0420042042k7Qm2Zt9X"}}`,
  },
  {
    section: '7.6',
    json: `{"m":"order",${account},"action":"place-order","status":"Err","info":{"id":"k7Qm2Zt9X","symbol":"ASD/USDT","code":300004,"message":"too small","reason":"INVALID_NOTIONAL"}}`,
  },
  { section: '7.6', json: `{"m":"open-order","id":"r1",${account},"data":[]}` },
  {
    section: '7.6',
    json: '{"m":"order-status","code":0,"id":"r1","data":[]}',
    deviations: ['order-status: expected the order m,id,code,data, got m,code,id,data'],
  },
];

const restSamples: readonly Sample[] = [
  { section: '3.14', call: order, json: workedAck },
  {
    ...{ section: '3.14', call: order },
    json: `{"code":300004,${rest},"action":"place-order","status":"Err","reason":"INVALID_NOTIONAL","message":"too small","info":{"id":"k7Qm2Zt9X","symbol":"ASD/USDT"}}`,
    deviations: [
      'POST /~/api/pro/v1/cash/order refusal of an order: expected the order code,ac,accountId,action,status,message,reason,info, got code,ac,accountId,action,status,reason,message,info',
    ],
  },
  {
    ...{ section: '1.3', call: order },
    json: `{"code":300004,${rest},"action":"place-order","status":"Err","message":"too small","reason":"INVALID_NOTIONAL","info":{"id":"k7Qm2Zt9X","symbol":"ASD/USDT"}}`,
  },
  {
    ...{ section: '3.15', call: ['DELETE', '/7/api/pro/v1/cash/order'] },
    json: `{"code":0,"data":{${rest},"action":"cancel-order","status":"Ack","info":{"id":"foobar","orderId":"a19b76daa87bU0420042042k7Qm2Zt9X","orderType":"","symbol":"ASD/USDT","timestamp":1767225600391}}}`,
  },
  {
    ...{ section: '3.16', call: ['POST', '/7/api/pro/v1/cash/order/batch'] },
    json: `{"code":300013,${rest},"action":"batch-place-order","status":"Err","message":"no","reason":"INVALID_BATCH_ORDER","info":[{"code":300004,"id":"k7Qm2Zt9X","reason":"INVALID_NOTIONAL","message":"too small","symbol":"ASD/USDT","orderId":""}]}`,
  },
  {
    ...{ section: '3.18', call: ['GET', '/7/api/pro/v1/cash/order/open'] },
    json: `{"code":0,${rest},"data":[]}`,
  },
  {
    ...{ section: '3.5', call: ['GET', '/api/pro/v1/barhist'] },
    json: '{"code":0,"data":[{"m":"bar","s":"ASD/USDT","data":{"i":"5","ts":1767225600000,"o":"0.0712","h":"0.0719","l":"0.0709","c":"0.0715","v":"48210"}}]}',
  },
  {
    ...{ section: '3.3', call: ['GET', '/api/pro/v1/spot/ticker'] },
    json: '{"code":0,"data":{"symbol":"ASD/USDT","open":"0.07","close":"0.071","high":"0.072","low":"0.069","volume":"48210","ask":["0.0711","120"],"bid":["0.071","5"],"type":"spot"}}',
  },
  {
    ...{ section: '3.6', call: ['GET', '/api/pro/v1/depth'] },
    json: `{"code":0,"data":{"m":"depth-snapshot","symbol":"ASD/USDT","data":{"seqnum":7,"ts":1767225600123,${levels}}}}`,
    deviations: [
      'GET /api/pro/v1/depth book.data.data: expected the order ts,seqnum,asks,bids, got seqnum,ts,asks,bids',
    ],
  },
  {
    ...{ section: '3.9', call: ['GET', '/api/pro/v1/exchange-info'] },
    json: '{"code":0,"data":{"requestTimeEcho":1767225600123,"requestReceiveAt":1767225600391,"latency":268}}',
  },
  {
    ...{ section: '3.12', call: ['GET', '/7/api/pro/v1/cash/balance'] },
    json: '{"code":0,"data":[{"asset":"USDT","totalBalance":"1000","availableBalance":"964.3644"}]}',
  },
  {
    ...{ section: '3.11', call: ['GET', '/7/api/pro/v1/spot/fee'] },
    json: '{"code":0,"data":{"domain":"spot","userUID":"U0420042042","vipLevel":0,"productFee":[{"symbol":"ASD/USDT","fee":{"maker":"0.001","taker":"0.001"}}]}}',
    deviations: ['GET /~/api/pro/v1/spot/fee fees.data.fees: missing'],
  },
  {
    ...{ section: '3.13', call: ['GET', '/api/pro/data/v1/cash/balance/snapshot'] },
    json: '{"meta":{"ac":"cash","accountId":"cshSim000000000000000000000000A1","sn":41000000101,"snapshotTime":1767225600000},"snapshot":[{"asset":"USDT","totalBalance":"1000"}]}',
  },
];

/** All samples. */
export const samples: readonly Sample[] = [
  ...sessionSamples,
  ...marketSamples,
  ...ownSamples,
  ...restSamples,
];
