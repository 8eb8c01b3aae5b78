import { createDepthPipeline } from '@venuekit/ascendex-spot';
import { startExchangeSimulator } from '@venuekit/exchange-simulator';

const symbol = 'BTC/USDT';
const simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 'by hand' } });
const depth = createDepthPipeline({ symbol, priceScale: 2, amountScale: 5, snapshotDepth: 500 });

// A socket of your own: here that of Node, which gives text. One that gives bytes, as `ws` does, hands them on as they are.
const socket = new WebSocket(simulator.endpoints.streamUrl);
const send = (message: object) => socket.send(JSON.stringify(message));
const askForSnapshot = () => send({ op: 'req', action: 'depth-snapshot', args: { symbol } });
socket.addEventListener('open', () => send({ op: 'sub', id: '1', ch: `depth:${symbol}` }));

let applied = 0;
const done = Promise.withResolvers<void>();
socket.addEventListener('message', ({ data }) => {
  if (data.includes('"m":"sub"')) askForSnapshot();
  if (data.includes('"m":"ping"')) send({ op: 'pong' });
  const step = depth.take(Buffer.from(data));
  if (step.fault !== undefined) console.log(`not right any more: ${step.fault.reason}`);
  if (step.snapshot !== undefined) askForSnapshot();
  if (!step.changed || depth.state !== 'live') return;
  const { scaled, bestBid, bestAsk } = depth.book;
  console.log(
    `${depth.sequence}: ${bestBid?.price} ${bestAsk?.price}, ${scaled?.bestBidPriceUnits} hundredths, ${depth.book.size} levels`,
  );
  applied += 1;
  if (applied === 5) done.resolve();
});
await done.promise;

// The whole book, to keep: later messages do not change it.
const content = depth.book.content();
console.log(
  content
    .bids(2)
    .map(({ price, amount }) => `${amount} at ${price}`)
    .join(', '),
);
socket.close();
await simulator.close();
