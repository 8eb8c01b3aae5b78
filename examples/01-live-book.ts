import { createAscendexSpot } from '@venuekit/ascendex-spot';
import { startExchangeSimulator } from '@venuekit/exchange-simulator';

const simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 'readme' } });
const venue = createAscendexSpot({ endpoints: simulator.endpoints });
await venue.connect();
const market = await venue.marketData.open('BTC-USDT');
for await (const _ of market.book) {
  const book = market.book.read();
  if (book.state !== 'live') continue; // only a live book has prices
  console.log(`message ${book.sequence}: bid ${book.bestBid?.price} ask ${book.bestAsk?.price}`);
  if (market.book.stats.applied >= 3) break;
}
await venue.close();
await simulator.close();
