import { expect, test } from 'vitest';
import { parseProducts } from './products-text.ts';

const product = {
  symbol: 'A/B',
  displayName: 'A/B',
  baseAsset: 'A',
  quoteAsset: 'B',
  status: 'Normal',
  minNotional: '5',
  maxNotional: '100',
  marginTradable: false,
  commissionType: 'Quote',
  commissionReserveRate: '0.001',
  tickSize: '0.01',
  lotSize: '1',
};

function file(data: unknown): string {
  return `\nhttps://venue.test/products -> 1.5: ${JSON.stringify({ code: 0, data })}\nconfiguration: {}\n`;
}

test('reads the list', () => {
  expect(parseProducts(file([product]), 'p.txt')).toEqual([product]);
});

test.each([
  [
    'a field that is missing',
    [product, { ...product, symbol: undefined }],
    'p.txt, line 2, product 2: expected "symbol" to be text, got nothing',
  ],
  [
    'a tick that is a number',
    [{ ...product, tickSize: 0.01 }],
    'p.txt, line 2, product 1: expected "tickSize" to be decimal text, got 0.01',
  ],
  [
    'a flag that is text',
    [{ ...product, marginTradable: 'no' }],
    'p.txt, line 2, product 1: expected "marginTradable" to be true or false, got no',
  ],
  ['no list', { a: 1 }, 'p.txt, line 2: expected "data" to be a list of products, got {"a":1}'],
])('%s is refused', (_name, data, message) => {
  expect(() => parseProducts(file(data), 'p.txt')).toThrow(message);
});

test('a refusal of the venue is no list of products', () => {
  const body = JSON.stringify({ code: 100004, reason: 'X', data: [product] });
  expect(() => parseProducts(`https://v/p -> 1: ${body}`, 'p.txt')).toThrow(
    'p.txt, line 1: expected "code" to be 0, got 100004',
  );
});

test('two answers in one file are refused', () => {
  expect(() => parseProducts(file([product]) + file([product]), 'p.txt')).toThrow(
    'expected one recorded answer of the products endpoint, got 2',
  );
});

test('a file without an answer is refused', () => {
  expect(() => parseProducts('', 'p.txt')).toThrow(
    'expected one recorded answer of the products endpoint, got 0',
  );
});
