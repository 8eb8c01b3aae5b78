import { createVirtualWorld, type VirtualProcess } from '@venuekit/connector-kit/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

function createProcess(seed: string): VirtualProcess {
  return createVirtualWorld({ seed }).process('client');
}

function read(process: VirtualProcess): readonly string[] {
  return (process.current ?? process.start()).disk.read('file');
}

/** What a process finds that has synced some lines, appended others, and lost its power. */
function afterPowerCut(seed: string, synced: readonly string[], loose: readonly string[]): readonly string[] {
  const process = createProcess(seed);
  const { disk } = process.start();
  for (const line of synced) disk.append('file', line);
  disk.sync('file');
  for (const line of loose) disk.append('file', line);
  process.crash('power');
  return read(process);
}

describe('the disk', () => {
  test('keeps every line over a crash of the process', () => {
    const process = createProcess('disk');
    process.start().disk.append('file', 'a');
    process.crash('process');
    process.start().disk.append('file', 'b');
    expect(read(process)).toEqual(['a', 'b']);
  });

  test('keeps over a power cut what was synced, then some first lines of the rest, the last of them torn or whole', () => {
    const lines = fc.array(fc.string({ minLength: 1 }), { maxLength: 6 });
    fc.assert(
      fc.property(fc.string(), lines, lines, (seed, synced, loose) => {
        const found = afterPowerCut(seed, synced, loose);
        const written = [...synced, ...loose];
        const whole = found.slice(0, -1);
        expect(found.length).toBeGreaterThanOrEqual(synced.length);
        expect(found.length).toBeLessThanOrEqual(written.length);
        expect(whole).toEqual(written.slice(0, whole.length));
        expect(found.slice(0, synced.length)).toEqual(synced);
        expect((written[whole.length] ?? '').startsWith(found.at(-1) ?? '')).toBe(true);
      }),
    );
  });

  test('loses by the seed none, some or all of what was not synced, and tears some lines', () => {
    const loose = ['11111', '22222', '33333'];
    const kept = Array.from({ length: 200 }, (_, seed) => afterPowerCut(`${seed}`, [], loose));
    const wholeCounts = kept.map((lines) => lines.filter((line) => line.length === 5).length);
    expect(new Set(wholeCounts)).toEqual(new Set([0, 1, 2, 3]));
    const tears = kept.flatMap((lines) => lines.filter((line) => line.length < 5)).map((line) => line.length);
    expect(new Set(tears)).toEqual(new Set([1, 2, 3, 4]));
    expect(afterPowerCut('7', [], loose)).toEqual(kept[7]);
  });

  test('keeps what survived one power cut over the next one', () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const process = createProcess(`${seed}`);
      const { disk } = process.start();
      for (const line of ['one', 'two', 'three']) disk.append('file', line);
      process.crash('power');
      const found = read(process);
      process.crash('power');
      expect(read(process)).toEqual(found);
    }
  });

  test('brings back by a power cut what was removed and not synced, without what came in its place', () => {
    const process = createProcess('disk');
    const { disk } = process.start();
    disk.append('file', 'old');
    disk.sync('file');
    disk.remove('file');
    expect(read(process)).toEqual([]);
    disk.append('file', 'new');
    disk.remove('file');
    disk.append('file', 'newer');
    expect(read(process)).toEqual(['newer']);
    process.crash('power');
    expect(read(process)).toEqual(['old']);
  });

  test('forgets for good what was removed and synced, and keeps a removal over a crash of the process', () => {
    const process = createProcess('disk');
    const { disk } = process.start();
    disk.append('file', 'old');
    disk.sync('file');
    disk.remove('file');
    process.crash('process');
    expect(read(process)).toEqual([]);
    process.current?.disk.sync('file');
    process.crash('power');
    expect(read(process)).toEqual([]);
  });

  test('fails when it is told to, once, with the code of the system; nothing is written', () => {
    const process = createProcess('disk');
    const { disk } = process.start();
    disk.fail('EIO', 2);
    disk.fail('ENOSPC');
    expect(() => disk.append('file', 'a')).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    expect(() => disk.sync('file')).toThrow(expect.objectContaining({ code: 'EIO' }));
    disk.append('file', 'b');
    expect(read(process)).toEqual(['b']);
    expect(process.operations).toBe(3);
    expect(() => disk.fail('EIO', 0.5)).toThrow(/whole number/);
    expect(() => disk.fail('EBUSY' as 'EIO')).toThrow('fail: expected ENOSPC or EIO, got EBUSY');
  });

  test('crashes at a point also where the disk fails there', () => {
    const process = createProcess('disk');
    const { disk } = process.start();
    disk.fail('EIO');
    process.crashAt({ operation: 1, when: 'after' });
    expect(() => disk.append('file', 'a')).toThrow(/EIO/);
    expect(process.current).toBeUndefined();
  });
});
