import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticSession } from '@venuekit/tooling-vitest/recordings';
import { afterEach, expect, test } from 'vitest';
import { createRecording, formatRecording, loadReplay, selectPairs } from '../src/index.ts';
import { PlainBook } from './models/plain-book.ts';

let folder: string | undefined;

afterEach(async () => {
  if (folder !== undefined) await rm(folder, { recursive: true });
  folder = undefined;
});

test('the generator gives the committed files byte for byte', async () => {
  const { session, productsSession } = createRecording({ seed: 'b', pairs: 10, seconds: 30 });
  expect(formatRecording(session)).toBe(await readFile(syntheticSession.sessionFile, 'utf8'));
  expect(formatRecording(productsSession)).toBe(await readFile(syntheticSession.productsFile, 'utf8'));
});

test('a made recording has the properties of a real one', async () => {
  for (const seed of ['a', 'b', 'c']) {
    const { session } = createRecording({ seed, pairs: 10, seconds: 30 });
    const books = new Map<string, PlainBook>();
    const lastBefore = new Map<string, string>();
    for (const item of session.items) {
      if (item.kind !== 'received') continue;
      const { message, text } = item;
      if (message.kind === 'depth') {
        const book = books.get(message.symbol);
        if (book === undefined) lastBefore.set(message.symbol, String(message.change.seqnum));
        else expect(book.difference(text)).toBe(true);
      }
      if (message.kind !== 'snapshot') continue;
      const book = new PlainBook();
      book.snapshot(text);
      books.set(message.symbol, book);
      expect(lastBefore.get(message.symbol) ?? String(book.seqnum)).toBe(String(book.seqnum));
    }
    expect(books.size).toBe(10);
    expect(lastBefore.size).toBeGreaterThan(0);
    for (const book of books.values()) {
      expect([book.gaps, book.unknownDeletes, book.crossed]).toEqual([0, 0, false]);
    }
    const trades = session.items.flatMap((item) =>
      item.kind === 'received' && item.message.kind === 'trades' ? item.message.trades : [],
    );
    expect(trades.length).toBeGreaterThanOrEqual(4);
    expect(trades.every(({ seqnum }) => seqnum > 2n ** 53n)).toBe(true);
  }
});

test('a client of more than ten pairs subscribes to all of them, ten in a message, and asks for each book', () => {
  const { session } = createRecording({ seed: 'many', pairs: 12, seconds: 2 });
  const sent = session.items.flatMap((item) => (item.kind === 'sent' ? [JSON.parse(item.text)] : []));
  const symbols = selectPairs(12).map(({ symbol }) => symbol);
  for (const channel of ['depth', 'trades']) {
    const messages = sent.filter(({ ch }) => `${ch}`.startsWith(`${channel}:`));
    const lists = messages.map(({ ch }) => `${ch}`.slice(channel.length + 1).split(','));
    expect(lists).toEqual([symbols.slice(0, 10), symbols.slice(10)]);
  }
  const asked = sent.filter(({ op }) => op === 'req').map(({ args }) => args.symbol);
  expect(asked).toEqual(symbols);
});

test('the products file is found beside the session if it is the only one', async () => {
  const { sessionFile, productsFile } = syntheticSession;
  expect((await loadReplay({ sessionFile })).products.length).toBe(12);
  folder = await mkdtemp(join(tmpdir(), 'recordings-'));
  const copy = join(folder, 'session.txt');
  await copyFile(sessionFile, copy);
  await expect(loadReplay({ sessionFile: copy })).rejects.toThrow(
    /expected one spot-rest-products-\*\.txt .* got none/,
  );
  await copyFile(productsFile, join(folder, 'spot-rest-products-1.txt'));
  await copyFile(productsFile, join(folder, 'spot-rest-products-2.txt'));
  await expect(loadReplay({ sessionFile: copy })).rejects.toThrow(
    /got spot-rest-products-1.txt, spot-rest-products-2.txt/,
  );
});

test('a file that is missing is named', async () => {
  await expect(loadReplay({ sessionFile: '/nowhere/session.txt' })).rejects.toThrow(
    'loadReplay: expected a session file at /nowhere/session.txt: there is no such file',
  );
});
