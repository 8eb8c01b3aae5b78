import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RecordedSession } from './recording/recorded-session.ts';
import { formatRecording } from './recording/recording-text.ts';
import { createRecording, type RecordingOptions } from './recording-maker.ts';

/** What the committed recording was made with. */
const options: RecordingOptions = { seed: 'b', pairs: 10, seconds: 30 };

/** Writes the recording that belongs to the package; run it after a change of the synthetic market. */
async function main(folder: string): Promise<void> {
  const { session, productsSession } = createRecording(options);
  const write = (made: RecordedSession): Promise<void> =>
    writeFile(join(folder, made.fileName), formatRecording(made));
  await write(session);
  await write(productsSession);
}

await main(process.argv[2] ?? fileURLToPath(new URL('../recordings/', import.meta.url)));
