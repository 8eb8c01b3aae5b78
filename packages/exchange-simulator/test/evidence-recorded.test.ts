import { readFileSync } from 'node:fs';
import { realSession, sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import { createExchangeSimulator, loadReplay } from '../src/index.ts';
import { clientEntries, streamEntries } from './evidence/catalogue.ts';
import { deviationsOf, isWritten, JsonNumber, parseWritten, type Written } from './evidence/deviations.ts';
import type { Entry } from './evidence/entry.ts';
import { fieldsOf } from './evidence/evidence-rows.ts';
import { openEvidence } from './evidence/evidence-stage.ts';
import { legacyProduct } from './evidence/public-endpoints.ts';
import { createWitness, hasMarks } from './evidence/witness.ts';

/** Frames of a recorded session, by who sent them. */
function framesOf(file: string): { readonly received: readonly string[]; readonly sent: readonly string[] } {
  const lines = readFileSync(file, 'utf8').split('\n');
  const after = (pattern: RegExp) => lines.flatMap((line) => pattern.exec(line)?.[1] ?? []);
  return { received: after(/^[\d.]+: (\{.*)$/), sent: after(/^wss:\S+ <- [\d.]+: (\{.*)$/) };
}

/** Keys in their order, with the JSON type of each value; decimals by how they are written. */
function shapeOf(value: unknown): string {
  if (value instanceof JsonNumber) return /^\d+$/.test(value.digits) ? 'integer' : 'number';
  if (Array.isArray(value)) return `[${[...new Set(value.map(shapeOf))].sort().join('|')}]`;
  if (!isWritten(value)) return typeof value === 'string' ? formOf(value) : typeof value;
  return `{${Object.entries(value).map(([name, inner]) => `${name}:${name === 'm' ? inner : shapeOf(inner)}`)}}`;
}

function formOf(text: string): string {
  if (/^(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/.test(text)) return 'decimal';
  return /^[\d.+eE-]+$/.test(text) ? 'odd decimal' : 'text';
}

/** Shapes of frames by their kind. One side of a book may be empty, and so may a list. */
function shapesOf(frames: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const shapes = new Map<string, Set<string>>();
  for (const frame of frames) {
    const value = parseWritten(frame) as Written;
    const shape = shapeOf(value).replaceAll(':[]', ':[[decimal]]');
    const kind = String(value.m);
    shapes.set(kind, (shapes.get(kind) ?? new Set()).add(shape));
  }
  return Object.fromEntries([...shapes].map(([name, found]) => [name, [...found].sort()]));
}

/** Paths of fields that rest on the recording. */
function citing(entries: readonly Entry[]): readonly string[] {
  const paths = entries.flatMap(({ name, fields }) => fieldsOf(fields, name));
  return paths.flatMap(([path, { evidence }]) => (evidence.includes('recorded') ? [path] : [])).sort();
}

describe.each(sessions)('$name', ({ present, sessionFile, productsFile }) => {
  test.skipIf(!present)('every frame has the fields of the catalogue', () => {
    const { received, sent } = framesOf(sessionFile);
    const witness = createWitness();
    for (const frame of received) expect(witness.message(frame)).not.toBe('');
    expect(witness.deviations).toEqual([]);
    expect([received.length > 300, sent.length > 10]).toEqual([true, true]);
    for (const frame of sent) {
      const value = parseWritten(frame) as Written;
      const fitting = clientEntries.filter((entry) => hasMarks(entry, value));
      expect(fitting, frame).toHaveLength(1);
      expect(deviationsOf(fitting[0]!.fields, value, '', () => {})).toEqual([]);
    }
  });

  test.skipIf(!present)('to the same requests, the simulator sends frames of the same shapes', async () => {
    const { received, sent } = framesOf(sessionFile);
    const market = { kind: 'synthetic', seed: 'recorded', pairs: 10 } as const;
    const stage = openEvidence(createWitness(), {}, { market });
    const recordedSymbols = [...new Set(sent.flatMap((frame) => frame.match(/[A-Z0-9]+\/[A-Z0-9]+/g) ?? []))];
    const frames: string[] = [];
    const client = stage.simulator.connect(stage.simulator.streamPath, {
      ...{
        send: (text: string) => void frames.push(text),
        pong() {},
        cut() {},
        close() {},
        bufferedBytes: 0,
      },
    });
    if ('refusedWith' in client) throw new Error('expected a stream');
    const ask = (frame: string): void =>
      client.receive(
        recordedSymbols.reduce(
          (text, symbol, index) => text.replaceAll(symbol, stage.simulator.pairs[index] ?? symbol),
          frame,
        ),
      );
    const isPong = (frame: string): boolean => frame.includes('pong');
    for (const frame of sent.filter((one) => !isPong(one))) ask(frame);
    for (let second = 0; second < 31; second += 1) await stage.pass(1_000);
    for (const frame of sent.filter(isPong)) ask(frame);
    expect(shapesOf(frames)).toEqual(shapesOf(received));
  });

  test.skipIf(!present)(
    'the older products: those that were recorded, field by field, and ours like them',
    async () => {
      const [, text = ''] = /: (\{.*)/.exec(readFileSync(productsFile, 'utf8')) ?? [];
      const recorded = parseWritten(text) as { readonly data: readonly Written[] };
      expect(recorded.data.length).toBeGreaterThan(9);
      for (const product of recorded.data)
        expect(deviationsOf(legacyProduct, product, '', () => {})).toEqual([]);
      const replay = await loadReplay({ sessionFile, productsFile });
      const stage = openEvidence(
        createWitness(),
        {},
        { market: { kind: 'replay', ...replay, speed: 'max' } },
      );
      const get = async (path: string) => (await stage.ask('GET', path, { by: 'nobody' })).body.data;
      expect(JSON.stringify(await get('/api/pro/v1/products'))).toBe(JSON.stringify(JSON.parse(text).data));
      const own = createExchangeSimulator({
        market: { kind: 'synthetic', seed: 1, pairs: 60, traders: false },
      });
      const answer = await own.fetch(new Request('http://venue.test/api/pro/v1/products'));
      const ours = parseWritten(await answer.text()) as typeof recorded;
      own.close();
      const shapes = (list: readonly Written[]) => new Set(list.map(shapeOf));
      expect(shapes(ours.data)).toEqual(shapes(recorded.data));
    },
  );
});

test.skipIf(!realSession.present)(
  `${realSession.name}: what is said to be recorded is what it has, and nothing else`,
  () => {
    const { received, sent } = framesOf(realSession.sessionFile);
    const seen = new Set<string>();
    const look = (entries: readonly Entry[], frame: string): void => {
      const value = parseWritten(frame) as Written;
      for (const entry of entries.filter((one) => hasMarks(one, value)))
        deviationsOf(entry.fields, value, entry.name, (path) => seen.add(path));
    };
    for (const frame of received) look(streamEntries, frame);
    const seenOfVenue = [...seen].filter((path) => !/ (?:absent$|= )/.test(path)).sort();
    expect(citing(streamEntries)).toEqual(seenOfVenue);
    seen.clear();
    for (const frame of sent) look(clientEntries, frame);
    expect(citing(clientEntries)).toEqual([...seen].filter((path) => !/ (?:absent$|= )/.test(path)).sort());
  },
);
