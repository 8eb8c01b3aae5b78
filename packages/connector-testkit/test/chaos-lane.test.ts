import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { createSystemRuntime } from '@venuekit/connector-kit/runtime';
import { expect, test } from 'vitest';
import { Lane } from '../src/chaos/lane.ts';
import { patternOf, turns, until } from './chaos-bench.ts';

test.each([
  ['parcels', 1_024, 1],
  ['bytes', 4, 65_536],
])('a lane that holds too many %s reads no more, and loses nothing', async (_what, most, parcelBytes) => {
  const [source, destination] = [new PassThrough({ highWaterMark: 1e6 }), new PassThrough()];
  const pieces: Buffer[] = [];
  destination.on('data', (piece: Buffer) => pieces.push(piece));
  const nothing = (): void => {};
  const lane = new Lane({
    ...{ direction: 'to-server', key: 'lane', runtime: createSystemRuntime() },
    ...{ source: source as unknown as Socket, destination: destination as unknown as Socket },
    ...{ passed: nothing, died: nothing, resetArrived: nothing },
  });
  lane.hold(true);
  const sent = patternOf(2 * most * parcelBytes);
  for (let at = 0; at < sent.length; at += parcelBytes) source.write(sent.subarray(at, at + parcelBytes));
  await turns(50);
  expect([source.isPaused(), source.readableLength]).toEqual([true, most * parcelBytes]);
  lane.hold(false);
  await until(() => Buffer.concat(pieces).length === sent.length);
  expect(Buffer.concat(pieces).equals(sent)).toBe(true);
});
