// biome-ignore-all lint/correctness/noUndeclaredDependencies: somebody else's program, who has installed the package.
import assert from 'node:assert/strict';
// @boundaries-ignore somebody else's program, who has installed the package
import { createFeed } from '@venuekit/connector-kit/feed';
// @boundaries-ignore somebody else's program, who has installed the package
import { createHttpClient } from '@venuekit/connector-kit/http';
// @boundaries-ignore somebody else's program, who has installed the package
import { formatRecordingLine, parseRecordingLine } from '@venuekit/connector-kit/recording';
// @boundaries-ignore somebody else's program, who has installed the package
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
// @boundaries-ignore somebody else's program, who has installed the package
import { createManualRuntime, createVirtualWorld } from '@venuekit/connector-kit/testing';

/** Hears events, lets time pass by hand, and asks a server that is not there. */
async function main(): Promise<void> {
  const { feed, emit, end } = bind();
  const heard: string[] = [];
  const listening = feed.subscribe((event) => heard.push(event));
  emit('one');
  listening[Symbol.dispose]();
  emit('two');
  end();
  assert.deepEqual(heard, ['one']);

  const runtime = createManualRuntime({ fetch: () => Promise.resolve(Response.json({ price: '0.10' })) });
  const client = createHttpClient({ runtime, venue: 'somewhere', baseUrl: 'https://exchange.test' });
  const reply = await client.request({ operation: 'fetchPrice', method: 'GET', path: '/price' });
  assert.equal(reply.status, 200);
  const fired: string[] = [];
  runtime.timers.setTimer(1_000, () => void fired.push('once'), 'a second');
  await runtime.advance(999);
  assert.deepEqual(fired, []);
  await runtime.advance(1);
  assert.deepEqual(fired, ['once']);
  const line = '1704067202.25: {"m":"ping","hp":3}';
  const item = parseRecordingLine(line);
  assert.equal(item && formatRecordingLine(item), line);
  const world = createVirtualWorld({ seed: 'one' });
  world
    .process('bot')
    .start()
    .runtime.timers.setTimer(60_000, () => {}, 'a minute');
  assert.equal(await world.run(), 'idle');
  assert.equal(world.steps, 1);
  assert.ok(createSystemRuntime().clock.now() > 1_700_000_000_000);
  console.log('used');
}

function bind() {
  const source = createFeed<string>({ name: 'words' });
  const emit = (event: string): void => source.emit(event);
  return { feed: source.feed, emit, end: (): void => source.end() };
}

void main();
