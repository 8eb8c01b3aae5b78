/**
 * Prints trades, and says wherever some may be missing. A stream is subscribed at its first use, so listening in the same tick as
 * `open` loses nothing; after a lost connection a `gap` comes before the next trade.
 */
import { createAscendexSpot } from '@venuekit/ascendex-spot';
import { startExchangeSimulator } from '@venuekit/exchange-simulator';

const simulator = await startExchangeSimulator({ market: { kind: 'synthetic', seed: 'trades' } });
const venue = createAscendexSpot({ endpoints: simulator.endpoints });
await venue.connect();

const market = await venue.marketData.open('BTC-USDT');
let seen = 0;
for await (const event of market.trades) {
  if (event.kind === 'start') console.log('every trade from here on');
  if (event.kind === 'gap')
    console.log(`trades may be missing for ${event.toMs - event.fromMs} ms: ${event.reason}`);
  if (event.kind !== 'trade') continue;
  console.log(`${event.side} ${event.amount} at ${event.price}, trade ${event.tradeId}`);
  seen += 1;
  // The connection breaks once, and comes back by itself.
  if (seen === 1) simulator.inject({ kind: 'drop', atSeconds: 0 });
  if (seen === 3) break;
}

await venue.close();
await simulator.close();
