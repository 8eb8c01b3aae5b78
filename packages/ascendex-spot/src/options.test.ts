import { expect, test } from 'vitest';
import { resolveEndpoints } from './options.ts';

const urls = { restUrl: 'http://127.0.0.1:1', streamUrl: 'ws://127.0.0.1:1' };
const resolved = (change: Partial<typeof urls>, accountGroup?: number) =>
  resolveEndpoints({
    endpoints: { ...urls, ...change },
    ...(accountGroup === undefined ? {} : { venueOptions: { accountGroup } }),
  });

test('a host alone gets the venue’s path, and the group takes the place of the number there', () => {
  expect(resolved({}).streamUrl).toBe('ws://127.0.0.1:1/0/api/pro/v1/stream');
  expect(resolved({}, 12).streamUrl).toBe('ws://127.0.0.1:1/12/api/pro/v1/stream');
  const paths = ['/api/pro/v1/stream', '/0/api/pro/v1/stream', '/345/api/pro/v1/stream'];
  for (const path of paths) {
    const streamUrl = `wss://host${path}?a=1`;
    expect(resolved({ streamUrl }).streamUrl).toBe(streamUrl);
    expect(resolved({ streamUrl }, 12).streamUrl).toBe('wss://host/12/api/pro/v1/stream?a=1');
  }
  expect(resolved({ streamUrl: 'wss://host/other' }, 12).streamUrl).toBe('wss://host/other');
});

test.each([
  ['restUrl', 'https://host/base'],
  ['restUrl', 'http://host'],
  ['streamUrl', 'ws://host/x?query=1'],
  ['streamUrl', 'wss://host/x'],
] as const)('%s may be %s', (field, url) => {
  expect(() => resolved({ [field]: url })).not.toThrow();
});

test.each([
  ['restUrl', 'ws://host', 'ws://host'],
  ['restUrl', 'http://host/?secret', 'http://host with a query'],
  ['restUrl', 'http://host/?', 'http://host with a query'],
  ['restUrl', 'http://host/#secret', 'http://host with a fragment'],
  ['restUrl', 'http://host/#', 'http://host with a fragment'],
  ['restUrl', 'http://secret@host', 'http://host with a user name'],
  ['restUrl', 'http://:secret@host', 'http://host with a user name'],
  ['streamUrl', 'http://host', 'http://host'],
  ['streamUrl', 'ws://host/x?a=1#', 'ws://host with a fragment'],
  ['streamUrl', 'no url, secret', 'something that is no URL (string)'],
] as const)('%s may not be %s', (field, url, got) => {
  const run = () => resolved({ [field]: url });
  expect(run).toThrow(expect.objectContaining({ code: 'invalid-options', operation: 'createAscendexSpot' }));
  expect(run).toThrow(
    new RegExp(`^(?!.*secret).*endpoints\\.${field}: .*got ${got.replace(/[()]/g, '\\$&')}$`),
  );
});

test('endpoints that are left out are an option that is missing', () => {
  const endpoints = undefined as unknown as 'production';
  expect(() => resolveEndpoints({ endpoints })).toThrow(expect.objectContaining({ code: 'invalid-options' }));
});
