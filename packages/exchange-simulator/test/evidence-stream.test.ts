import { expect, test } from 'vitest';
import { streamScenes } from './evidence/stream-scenes.ts';
import { createWitness } from './evidence/witness.ts';

test('the stream says what the catalogue has, field by field, and all of it', async () => {
  const witness = createWitness();
  for (const [what, scene] of Object.entries(streamScenes)) {
    await scene(witness);
    expect(witness.deviations, what).toEqual([]);
  }
  expect(witness.dead('stream')).toEqual([]);
  for (const code of [100005, 200002]) expect(witness.codes).toContain(code);
});
