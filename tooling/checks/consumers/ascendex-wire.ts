// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
// @boundaries-ignore somebody else's program, who has installed the package
import { createSigner, decodeStreamFrame, encodeSubscribe } from '@venuekit/ascendex-wire';

/** Signs a request as the venue's documentation prints it, and reads a frame without losing a digit. */
function main(): void {
  const secret = 'hV8FgjyJtpvVeAcMAgzgAFQCN36wmbWuN7o3WPcYcYhFd8qvE43gzFGVsFcCqMNk';
  const signer = createSigner({ apiKey: 'anyKey', secret });
  assert.equal(signer.sign('info', 1_608_133_910_000), '/pwaAgWZQ1Xd/J4yZ4ReHSPQxd3ORP/YR8TvAttqqYM=');
  assert.equal(JSON.parse(encodeSubscribe('s1', 'depth', ['BTC/USDT'])).ch, 'depth:BTC/USDT');
  const message = decodeStreamFrame(
    '{"m":"depth","symbol":"BTC/USDT","data":{"ts":1618617600000,"seqnum":9007199254740993,"asks":[["1.10","2"]],"bids":[]}}',
  );
  assert.ok(message.type === 'depth');
  assert.equal(message.seqnum, 9_007_199_254_740_993n);
  console.log('used');
}

main();
