import type {
  Draw,
  PlanVocabulary,
  SimulationPlan,
  SimulationStep,
} from '@venuekit/connector-testkit/simulation';

/** The markets of the venue. */
const symbols: readonly string[] = ['BTC/USDT', 'ETH/USDT', 'XRP/USDT', 'ADA/USDT', 'SOL/USDT'];

/** When the last step is taken, in virtual milliseconds. */
export const planMs = 12_000;
/** The most messages that are left out at once. */
const mostLost = 40;

/** Where messages are left out. */
export const positions = [
  /** From the subscription on, before its book is asked for. */
  'unasked',
  /** The first book was asked for, and is not what it will be yet. */
  'asked',
  /** The first book is on its way back. */
  'fixed',
  /** The first book has just gone out. */
  'joined',
  /** At any time. */
  'middle',
  /** At any time, and again after one to four messages. */
  'twice',
  /** The book of an audit was asked for, and is not what it will be yet. */
  'audit-asked',
  /** The book of an audit is on its way back. */
  'audit-fixed',
  /** The book of an audit has just gone out. */
  'audit-joined',
  /** At the very end: nothing comes after them. */
  'end',
] as const;

/** Where messages are left out. */
export type Position = (typeof positions)[number];

/** Milliseconds from one message of a market to the next, on average. */
const pacesMs = [40, 100, 200, 330, 700] as const;
const weighted: readonly Position[] = [...positions.filter((one) => one !== 'end'), 'middle', 'joined'];

/** What plans are made of. */
export const gapVocabulary: PlanVocabulary = {
  actions: ['open', 'audit'],
  faults: positions,
  switches: {
    /** `usual`: as the venue writes; `other`: the same in an order that is read by another way. */
    frames: ['usual', 'other'],
    /** How late messages are, so that a book may overtake them. */
    lateMs: ['0', '20', '200'],
    /** `odd`: levels are taken back that nobody was told of, which is legal, and looks like something missing. */
    deletions: ['known', 'odd'],
    /** Where numbers begin: `edge` is where they cease to be exact in a double. */
    numbers: ['usual', 'edge', 'huge'],
  },
};

/** Makes up the plan of a seed. */
export function drawGapPlan(draw: Draw): SimulationPlan {
  const markets = symbols.slice(0, draw.integer('markets', 2, symbols.length));
  const faults = markets
    .slice(0, draw.chance('two markets', 25) ? 2 : 1)
    .map((symbol, at) => drawLoss(draw.fork(`loss ${at}`), symbol));
  const opens = markets.map((symbol) => drawOpen(draw.fork(symbol), symbol, faults));
  const audits = faults
    .filter(({ kind }) => kind.startsWith('audit-'))
    .map(({ atMs, with: fields = {} }) => ({
      atMs: atMs + 1,
      kind: 'audit',
      with: { symbol: String(fields.symbol) },
    }));
  return {
    actions: [...opens, ...audits],
    faults,
    switches: {
      frames: draw.chance('other frames', 15) ? 'other' : 'usual',
      deletions: draw.chance('odd deletions', 20) ? 'odd' : 'known',
      lateMs: draw.pick('late', ['0', '0', '20', '200']),
      numbers: draw.pick('numbers', ['usual', 'usual', 'usual', 'usual', 'edge', 'huge']),
    },
  };
}

function drawOpen(draw: Draw, symbol: string, faults: readonly SimulationStep[]): SimulationStep {
  const loss = faults.find(({ with: fields = {} }) => fields.symbol === symbol);
  const ackMs = loss?.kind === 'unasked' ? draw.integer('slow ack', 100, 1_500) : draw.integer('ack', 0, 40);
  // Deep books take long to compare: they are few and slow.
  const isDeep = loss !== undefined && draw.chance('deep', 3);
  const everyMs = isDeep ? 330 : draw.pick('pace', pacesMs);
  return {
    atMs: 0,
    kind: 'open',
    with: { symbol, everyMs, ackMs, deep: isDeep, ticker: draw.chance('ticker', 15) },
  };
}

function drawLoss(draw: Draw, symbol: string): SimulationStep {
  // A silence takes a minute to be found: fewer seeds have one.
  const kind = draw.chance('is last', 7) ? 'end' : draw.pick('position', weighted);
  const isOpening = ['unasked', 'asked', 'fixed', 'joined'].includes(kind);
  const atMs = isOpening ? 0 : draw.integer('at', 4_000, planMs - 1_000);
  const again =
    kind === 'twice'
      ? { between: draw.integer('between', 1, 4), countAgain: drawCount(draw.fork('again')) }
      : {};
  return { atMs, kind, with: { symbol, count: drawCount(draw), ...again } };
}

/** Small ones more often. */
function drawCount(draw: Draw): number {
  return draw.integer('count', 1, draw.pick('most', [1, 3, 10, mostLost]));
}
