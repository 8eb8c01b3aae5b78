import type { Random } from '@venuekit/connector-core';
import { drawInteger } from '../seeded-random.ts';

const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits, drawn from the stream of `key`. */
export function drawText(random: Random, key: string, length: number): string {
  return Array.from({ length }, () => characters[drawInteger(random, key, characters.length)]).join('');
}
