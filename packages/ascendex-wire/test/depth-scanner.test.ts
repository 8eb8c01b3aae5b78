import { readFileSync } from 'node:fs';
import { createDepthScanner, decodeStreamFrame } from '@venuekit/ascendex-wire';
import { createDepthStage, stageDepthUpdate } from '@venuekit/connector-core';
import { sessions } from '@venuekit/tooling-vitest/recordings';
import { describe, expect, test } from 'vitest';
import { stageText } from './stage-text.ts';

/** Enough for every market of the recordings. */
const scales = { priceScale: 9, amountScale: 6 };

describe.each([...sessions])('$name', (session) => {
  const readFrames = (): readonly string[] =>
    readFileSync(session.sessionFile, 'utf8')
      .split('\n')
      .flatMap((line) => /^\d+(?:\.\d+)?: (\{.*)$/.exec(line)?.[1] ?? []);

  test.skipIf(!session.present)(
    'every update is scanned as the exact decoder reads it, and nothing else is',
    () => {
      const frames = readFrames();
      const names = [...new Set(frames.flatMap((frame) => /"symbol":"([^"]*)"/.exec(frame)?.[1] ?? []))];
      const scanner = createDepthScanner(names);
      const realtime = createDepthScanner(names, { channel: 'depth-realtime' });
      const [stages, wanted] = [names.map(() => createDepthStage(scales)), createDepthStage(scales)];
      let updates = 0;
      for (const frame of frames) {
        const message = decodeStreamFrame(frame);
        const symbol = scanner.read(Buffer.from(frame), stages);
        expect(realtime.read(Buffer.from(frame), stages), frame).toBe(-1);
        if (message.type !== 'depth') expect(symbol, frame).toBe(-1);
        else {
          updates += 1;
          expect(names[symbol], frame).toBe(message.symbol);
          expect(stageDepthUpdate({ ...message, sequence: message.seqnum }, wanted), frame).toBe(true);
          expect(stageText(stages[symbol])).toBe(stageText(wanted));
        }
      }
      expect(updates).toBeGreaterThan(100);
    },
  );
});
