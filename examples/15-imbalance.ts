import { createAscendexSpot } from '@venuekit/ascendex-spot';
import { startExchangeSimulator } from '@venuekit/exchange-simulator';

const simulator = await startExchangeSimulator({
  market: { kind: 'synthetic', seed: 'imbalance', pairs: 3 },
});
const venue = createAscendexSpot({ endpoints: simulator.endpoints });
await venue.connect();

let seen = 0;
const enough = Promise.withResolvers<void>();
for (const { pair } of venue.marketData.instruments) {
  const { book } = await venue.marketData.open(pair);
  // A listener is called within the message, and asks the book itself: nothing is copied, nothing waits in a queue.
  book.subscribe((event) => {
    if (event.kind !== 'book' || event.state !== 'live') return;
    const { ratio, bidAmount, askAmount, isDeepEnough } = book.imbalance(10, {
      decimalPlaces: 3,
      rounding: 'half-even',
    });
    if (!isDeepEnough || ratio === undefined) return;
    console.log(`${pair} ${event.sequence}: bids ${bidAmount} asks ${askAmount} imbalance ${ratio}`);
    seen += 1;
    if (seen === 12) enough.resolve();
  });
}
await enough.promise;
await venue.close();
await simulator.close();
