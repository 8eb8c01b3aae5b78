import type { ScreenOutput } from './terminal/live-screen.ts';
import { createPalette, type Palette } from './terminal/palette.ts';

/** Where results and remarks go. */
export interface ConsoleOutput {
  /** Results: stdout. */
  readonly results: ScreenOutput;
  /** Progress and remarks: stderr. */
  remark(line: string): void;
  /** A live table can be drawn on stdout. */
  readonly isTerminal: boolean;
  readonly palette: Palette;
  /** For remarks, which may go elsewhere. */
  readonly remarkPalette: Palette;
}

/** Width of what is not shown on a terminal. */
const pageWidth = 80;

/** The console of this process. */
export function createConsoleOutput(): ConsoleOutput {
  const { stdout, stderr, platform, env: environment } = process;
  const isTerminal = stdout.isTTY === true && environment.TERM !== 'dumb';
  return {
    results: {
      write: (text) => void stdout.write(text),
      size: () => ({ columns: stdout.columns || pageWidth, rows: stdout.rows || 24 }),
    },
    remark: (line) => void stderr.write(`${line}\n`),
    isTerminal,
    palette: createPalette({ isTerminal, platform, environment }),
    remarkPalette: createPalette({ isTerminal: stderr.isTTY === true, platform, environment }),
  };
}
