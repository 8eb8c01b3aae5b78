import { createManualRuntime } from '@venuekit/connector-kit/testing';
import { canaryCredentials } from '@venuekit/tooling-vitest/secret-canary';
import { expect, test } from 'vitest';
import { streamAccess } from './stream-login.ts';

const options = { endpoints: 'production', credentials: canaryCredentials } as const;

test('a throttled stream logs in to nothing, and bad credentials are refused all the same', () => {
  const runtime = createManualRuntime();
  expect(streamAccess(options, runtime)).toEqual({ depth: 'depth', encodeLogin: undefined });
  const credentials = { ...canaryCredentials, secret: '' };
  expect(() => streamAccess({ ...options, credentials }, runtime)).toThrow(
    expect.objectContaining({ code: 'invalid-options' }),
  );
});

test('a login is signed at its moment, in whole milliseconds since the epoch, under an id of its own', async () => {
  const runtime = createManualRuntime({ startMs: 1_700_000_000_000.75 });
  const access = streamAccess({ ...options, venueOptions: { depth: 'realtime' } }, runtime);
  expect(access.depth).toBe('depth-realtime');
  const login = () => JSON.parse(access.encodeLogin?.() ?? '{}');
  const first = login();
  await runtime.advance(1_000);
  const second = login();
  expect([first.t, second.t]).toEqual([1_700_000_000_000, 1_700_000_001_000]);
  expect([typeof first.id, first.id === second.id]).toEqual(['string', false]);
});
