import { expect, test } from 'vitest';
import { createSeededRandom } from '../../seeded-random.ts';
import { nameUser } from './user-names.ts';

test('live: a user is U and ten digits, its accounts have 32 characters; all differ, and a seed decides them', () => {
  const name = (seed: number) =>
    Array.from({ length: 50 }, (_, index) => nameUser(index + 1, createSeededRandom(seed)));
  const users = name(1);
  for (const { uid, cash, margin } of users) {
    expect(uid).toMatch(/^U\d{10}$/);
    expect([cash, margin]).toEqual([
      expect.stringMatching(/^csh\w{29}$/),
      expect.stringMatching(/^mar\w{29}$/),
    ]);
  }
  for (const part of ['uid', 'cash', 'margin'] as const)
    expect(new Set(users.map((user) => user[part])).size).toBe(50);
  expect(name(1)).toEqual(users);
  expect(name(2)).not.toEqual(users);
});
