import { expect, test } from 'vitest';
import { refusals } from '../src/dialect/ascendex/error-codes.ts';
import { restScenes } from './evidence/rest-scenes.ts';
import { createWitness } from './evidence/witness.ts';

/** Codes that no answer has: the second is told of addresses, and the others are of the stream. */
const notByRest = [100005, 100014, 200002];

test('REST says what the catalogue has, field by field, and all of it', async () => {
  const witness = createWitness();
  for (const [what, scene] of Object.entries(restScenes)) {
    await scene(witness);
    expect(witness.deviations, what).toEqual([]);
  }
  expect(witness.dead('rest')).toEqual([]);
  const known = Object.values(refusals).map(({ code }) => code);
  expect(known.filter((code) => !witness.codes.has(code))).toEqual(notByRest);
});
