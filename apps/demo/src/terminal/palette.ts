import type { RowState, Severity } from '../view-model.ts';

/** Colours by meaning, not by name. */
export type Style = 'good' | 'busy' | 'bad' | 'muted' | 'strong' | 'plain';

const codes: Record<Style, string> = {
  good: '32',
  busy: '33',
  bad: '31',
  muted: '2',
  strong: '1',
  plain: '',
};

/** How text is dressed on one terminal. */
export interface Palette {
  /** Adds colour, or nothing where colour is not wanted. Widths are measured before. */
  paint(text: string, style: Style): string;
  readonly symbols: Symbols;
}

/** Signs that not every terminal can show. */
export interface Symbols {
  readonly buy: string;
  readonly sell: string;
  /** Ends a text that was cut. */
  readonly cut: string;
  readonly none: string;
}

const unicode: Symbols = { buy: '▲', sell: '▼', cut: '…', none: '–' };
const ascii: Symbols = { buy: '^', sell: 'v', cut: '~', none: '-' };

/** What the environment says about the terminal. */
export interface TerminalFacts {
  readonly isTerminal: boolean;
  readonly platform: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The palette of a terminal: no colour where `NO_COLOR` is set or there is no terminal, plain signs where the locale has no others. */
export function createPalette({ isTerminal, platform, environment }: TerminalFacts): Palette {
  const { NO_COLOR, LC_ALL, LC_CTYPE, LANG } = environment;
  const colour = isTerminal && (NO_COLOR === undefined || NO_COLOR === '');
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '';
  // Files and pipes are read by programs of today; only a terminal of another encoding needs plain signs.
  const wide = !isTerminal || platform !== 'linux' || /utf-?8/i.test(locale);
  return {
    paint: (text, style) =>
      colour && codes[style] !== '' ? `\u001b[${codes[style]}m${text}\u001b[0m` : text,
    symbols: wide ? unicode : ascii,
  };
}

/** The style of a book's state. */
export function styleOfState(state: RowState): Style {
  if (state === 'live') return 'good';
  if (state === 'opening' || state === 'resyncing') return 'busy';
  return state === 'closed' ? 'muted' : 'bad';
}

/** The style of an event. */
export function styleOfSeverity(severity: Severity): Style {
  return severity === 'note' ? 'plain' : severity;
}
