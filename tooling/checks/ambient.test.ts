import { expect, test } from 'vitest';
import { ambient } from './ambient.ts';
import { repositoryOf } from './repository.ts';

function found(text: string, path = 'packages/a/src/x.ts'): readonly string[] {
  return [...ambient.run(repositoryOf({ [path]: text }))].map(({ got }) => got);
}

test.each([
  ['const t = Date.now();', 'Date.now'],
  ['const d = new Date(0);', 'new Date'],
  ['setTimeout(f, 1);', 'setTimeout'],
  ['const later = setImmediate;', 'setImmediate'],
  ['globalThis.setInterval(f, 1);', 'globalThis.setInterval'],
  ['queueMicrotask(f);', 'queueMicrotask'],
  ['AbortSignal.timeout(5);', 'AbortSignal.timeout'],
  ['Math.random();', 'Math.random'],
  ['performance.now();', 'performance.'],
  ['process.hrtime.bigint();', 'process.hrtime'],
  ['const k = process.env.KEY;', 'process.env'],
  ["import { randomUUID } from 'node:crypto';", 'randomUUID'],
  ['crypto.randomUUID();', 'crypto.randomUUID'],
  ['const r = ok ? fetch(url) : none;', 'fetch'],
  ['await fetch(url);', 'fetch'],
  ['new WebSocket(url);', 'new WebSocket'],
  ['console.log(1);', 'console.'],
  ["import { setTimeout as wait } from 'node:timers/promises';", 'setTimeout'],
  ["import * as timers from 'node:timers/promises';", 'node:timers/promises'],
  ['const t = `at ${Date.now()}`;', 'Date.now'],
])('%s', (text, got) => {
  expect(found(text)).toContain(got);
});

test.each([
  '// Date.now() and setTimeout(f, 1)',
  "const text = 'fetch(url), new Date()';",
  'const t = runtime.clock.now();',
  'runtime.fetch(request);',
  'const { a } = { fetch(request: Request): Promise<Response> { return runtime.fetch(request); } };',
  'interface A { fetch(request: Request): Promise<Response>; }',
  'const fakes = { setTimeout: fake };',
  'server.setTimeout(0);',
  'new WebSocketServer({ noServer: true });',
  'const prefetch = 1; prefetchAll(prefetch);',
])('fine: %s', (text) => {
  expect(found(text)).toEqual([]);
});

test('runtime files, tests and apps are free; main.ts may use the console and the environment', () => {
  const source = 'console.log(Date.now());';
  expect(found(source, 'packages/a/src/runtime/system-runtime.ts')).toEqual([]);
  expect(found(source, 'packages/a/src/x.test.ts')).toEqual([]);
  expect(found(source, 'apps/demo/src/x.ts')).toEqual([]);
  expect(found(source, 'packages/a/src/main.ts')).toEqual(['Date.now']);
  expect(found(source, 'packages/a/src/runtime/index.ts')).toEqual(['Date.now', 'console.']);
});
