import { describe, expect, test } from 'vitest';
import {
  type OrderEventKind,
  type OrderEvidence,
  type OrderStatus,
  type OrderTransition,
  orderEvidence,
  orderTransitions,
} from '../src/index.ts';
import { type ExpectedCell, expectedOrderTransitions } from './models/expected-order-transitions.ts';

type Applied = Extract<OrderTransition, { outcome: 'applies' }>;
type Target = Applied['to'];

/** A cell of the table together with its place. */
interface Cell {
  readonly from: OrderStatus;
  readonly evidence: OrderEvidence;
  readonly place: string;
  readonly transition: OrderTransition;
}

interface AppliedCell extends Cell {
  readonly transition: Applied;
}

const statuses: readonly OrderStatus[] = [
  'created',
  'journaled',
  'sent',
  'acked',
  'unknown',
  'open',
  'partially-filled',
  'filled',
  'canceled',
  'expired',
  'rejected',
  'denied',
  'not-placed',
];
const terminal: ReadonlySet<Target> = new Set<Target>([
  'filled',
  'canceled',
  'expired',
  'rejected',
  'denied',
  'not-placed',
]);
const kindsOfEvidence = Object.keys(orderEvidence) as readonly OrderEvidence[];

const cells: readonly Cell[] = Object.entries(orderTransitions).flatMap(([from, row]) =>
  Object.entries(row).map(([evidence, transition]) => ({
    from: from as OrderStatus,
    evidence: evidence as OrderEvidence,
    place: `${from} x ${evidence}`,
    transition,
  })),
);
const applied = cells.filter((cell): cell is AppliedCell => cell.transition.outcome === 'applies');

function kinds({ transition }: AppliedCell): readonly OrderEventKind[] {
  return transition.emits.map(({ kind }) => kind);
}

/** Places of the cells that do what they must not; empty is right, and a failure names them. */
function places(wrong: readonly Cell[]): readonly string[] {
  return wrong.map(({ place }) => place);
}

/** A cell of the table as the expected ones are written. */
function inWords(transition: OrderTransition | undefined): string {
  if (transition === undefined) return 'missing';
  if (transition.outcome === 'anomaly') return 'anomaly';
  const events = transition.emits.map(({ kind, ifFilled }) => (ifFilled ? `${kind}?` : kind));
  return [transition.to, ...events].join(' ');
}

function expectedInWords(cell: ExpectedCell): string {
  return typeof cell === 'string' ? cell : cell.join(' ');
}

/** Statuses that a cell can lead to. */
function targets({ transition: { to } }: AppliedCell): readonly OrderStatus[] {
  return to === 'by-amount' ? ['partially-filled', 'filled'] : [to];
}

/** Statuses that an order of a status can come to, in any number of steps. */
function reachableFrom(
  start: OrderStatus,
  steps: readonly AppliedCell[] = applied,
): ReadonlySet<OrderStatus> {
  const reached = new Set<OrderStatus>();
  const toVisit: OrderStatus[] = [start];
  for (let from = toVisit.pop(); from !== undefined; from = toVisit.pop()) {
    for (const to of steps.filter((cell) => cell.from === from).flatMap(targets)) {
      if (!reached.has(to)) toVisit.push(to);
      reached.add(to);
    }
  }
  return reached;
}

describe('every cell is what the specification demands', () => {
  test.each(statuses)('%s', (status) => {
    const found = Object.entries(orderTransitions[status]).map(([evidence, transition]) => [
      evidence,
      inWords(transition),
    ]);
    const expected = Object.entries(expectedOrderTransitions[status]).map(([evidence, cell]) => [
      evidence,
      expectedInWords(cell),
    ]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
  });

  test('the table and its expectation have the same 13 statuses and all kinds of evidence, and no more', () => {
    const places = statuses.flatMap((status) => kindsOfEvidence.map((evidence) => `${status} x ${evidence}`));
    const expected = Object.entries(expectedOrderTransitions).flatMap(([status, row]) =>
      Object.keys(row).map((evidence) => `${status} x ${evidence}`),
    );
    expect(kindsOfEvidence).toHaveLength(20);
    expect(places).toHaveLength(13 * kindsOfEvidence.length);
    expect(cells.map(({ place }) => place).sort()).toEqual([...places].sort());
    expect(expected.sort()).toEqual([...places].sort());
  });
});

describe('anomalies', () => {
  const anomalies = cells.filter(({ transition }) => transition.outcome === 'anomaly');

  test('an anomaly has a reason of a sentence, and neither a status nor events of its own', () => {
    expect(anomalies.length).toBeGreaterThan(0);
    for (const { place, transition } of anomalies) {
      expect(Object.keys(transition).sort(), place).toEqual(['outcome', 'why']);
      expect(transition, place).toHaveProperty('why', expect.stringMatching(/^[A-Z]\S* .{10,}\S\.$/));
    }
  });

  test('an early not-found tells nothing and changes nothing, and is not asked for before the wire', () => {
    const neverLeft: readonly OrderStatus[] = ['created', 'journaled', 'denied'];
    for (const status of statuses) {
      const expected = neverLeft.includes(status) ? 'anomaly' : status;
      expect(inWords(orderTransitions[status]['not-found-early']), status).toBe(expected);
    }
  });
});

describe('what leads where', () => {
  const leadTo = (status: OrderStatus) =>
    applied.filter((cell) => cell.from !== status && targets(cell).includes(status));

  test('only a definitive refusal and the engine reject an order', () => {
    expect(new Set(leadTo('rejected').map(({ evidence }) => evidence))).toEqual(
      new Set(['refused', 'seen-rejected']),
    );
  });

  test('an order is denied only before the wire', () => {
    expect(new Set(leadTo('denied').map(({ from }) => from))).toEqual(new Set(['created', 'journaled']));
  });

  test('an unknown order never comes to be denied, in however many steps', () => {
    expect([...reachableFrom('unknown')]).not.toContain('denied');
    expect([...reachableFrom('sent')]).not.toContain('denied');
  });

  test('only a proof makes an order not placed, and only one that the venue never answered for', () => {
    expect(places(leadTo('not-placed'))).toEqual(['sent x not-found-proved', 'unknown x not-found-proved']);
  });

  test('every status but the first can be reached from it, and the first from none', () => {
    expect(new Set([...reachableFrom('created'), 'created'])).toEqual(new Set(statuses));
    expect(places(leadTo('created'))).toEqual([]);
  });

  test('older evidence leaves an ended order where it is, and any order if no fill comes with it, but for a proof of absence that it refutes', () => {
    const moves = ({ from, transition }: AppliedCell) => transition.to !== from;
    const late = applied.filter((cell) => terminal.has(cell.from) && cell.evidence === 'older-fill');
    expect(places(late.filter(moves))).toEqual(['not-placed x older-fill']);
    expect(places(applied.filter((cell) => cell.evidence === 'older' && moves(cell)))).toEqual([
      'not-placed x older',
    ]);
  });

  test('an order on the wire or at the venue never goes back before it', () => {
    const before: readonly OrderStatus[] = ['created', 'journaled', 'sent'];
    const after = statuses.filter((status) => !before.includes(status) && status !== 'denied');
    for (const status of after) {
      expect(
        [...reachableFrom(status)].filter((reached) => before.includes(reached) && reached !== status),
        status,
      ).toEqual([]);
    }
  });
});

describe('corrections', () => {
  const corrects = (cell: AppliedCell) => kinds(cell).includes('order-correction');

  test('an ended order changes its status only with a correction, and nothing else is one', () => {
    const leaves = applied.filter((cell) => terminal.has(cell.from) && cell.transition.to !== cell.from);
    expect(leaves.length).toBeGreaterThan(0);
    expect(places(applied.filter(corrects)).toSorted()).toEqual(places(leaves).toSorted());
  });

  test('a correction is told whatever was filled', () => {
    const conditional = applied.filter(({ transition }) =>
      transition.emits.some(({ kind, ifFilled }) => kind === 'order-correction' && ifFilled),
    );
    expect(places(conditional)).toEqual([]);
  });

  test('an ended order that stays as it is tells late fills at most', () => {
    const stays = applied.filter((cell) => terminal.has(cell.from) && cell.transition.to === cell.from);
    expect(places(stays.filter((cell) => kinds(cell).some((kind) => kind !== 'order-fill')))).toEqual([]);
  });
});

describe('events', () => {
  const ending: readonly OrderEventKind[] = [
    'order-filled',
    'order-canceled',
    'order-expired',
    'order-rejected',
  ];

  /** Where an event stands among those of its cell. */
  function rank(kind: OrderEventKind, to: Target): number {
    if (kind === 'order-recovered') return 0;
    if (kind === 'order-correction') return terminal.has(to) ? 3 : 0;
    if (kind === 'order-open') return 1;
    if (kind === 'order-fill') return 2;
    return ending.includes(kind) ? 4 : 1;
  }

  test('are told in causal order: found again or alive again, open, fill, end; and each once', () => {
    for (const cell of applied) {
      const told = kinds(cell);
      const inOrder = told.toSorted((a, b) => rank(a, cell.transition.to) - rank(b, cell.transition.to));
      expect(told, cell.place).toEqual(inOrder);
      expect(new Set(told).size, cell.place).toBe(told.length);
    }
  });

  test('an order that becomes filled tells a fill before, unless its fills may have been told one by one', () => {
    const becomesFilled = applied.filter(
      (cell) => cell.from !== 'filled' && targets(cell).includes('filled'),
    );
    expect(becomesFilled.length).toBeGreaterThan(0);
    for (const { place, from, evidence, transition } of becomesFilled) {
      expect(transition.emits, place).toContainEqual({ kind: 'order-fill', ifFilled: expect.any(Boolean) });
      const never = ['sent', 'acked', 'unknown', 'not-placed'].includes(from) && evidence !== 'seen-filled';
      if (never) expect(transition.emits, place).toContainEqual({ kind: 'order-fill', ifFilled: false });
    }
  });

  test('an order that was never seen tells that it is open before it tells a fill', () => {
    const unseen: readonly OrderStatus[] = ['created', 'journaled', 'sent', 'acked', 'unknown'];
    for (const cell of applied.filter(({ from }) => unseen.includes(from))) {
      const fill = cell.transition.emits.find(({ kind }) => kind === 'order-fill');
      const open = cell.transition.emits.find(({ kind }) => kind === 'order-open');
      if (fill !== undefined) expect(open, cell.place).toBeDefined();
      if (fill?.ifFilled === false) expect(open?.ifFilled, cell.place).toBe(false);
    }
  });

  test('an order tells once that it is open, as long as nothing is corrected', () => {
    const uncorrected = applied.filter((cell) => !kinds(cell).includes('order-correction'));
    const opens = uncorrected.filter((cell) => kinds(cell).includes('order-open'));
    expect(opens.length).toBeGreaterThan(0);
    const again = opens.flatMap((first) => {
      const later = new Set(targets(first).flatMap((to) => [to, ...reachableFrom(to, uncorrected)]));
      return opens
        .filter(({ from }) => later.has(from))
        .map((second) => `${first.place}, later ${second.place}`);
    });
    expect(again).toEqual([]);
  });

  test('an unknown order that is seen at the venue tells first that it was found', () => {
    const found = applied.filter(
      ({ from, evidence }) =>
        from === 'unknown' && (evidence.startsWith('seen-') || evidence === 'older-fill'),
    );
    expect(found).toHaveLength(8);
    for (const cell of found) expect(kinds(cell)[0], cell.place).toBe('order-recovered');
    const recovers = applied.filter((cell) => kinds(cell).includes('order-recovered'));
    expect(places(recovers.filter(({ from }) => from !== 'unknown'))).toEqual([]);
  });

  test('a change of status is never silent, but for the journal', () => {
    const silent = applied.filter(
      ({ from, transition }) => transition.to !== from && transition.emits.length === 0,
    );
    expect(places(silent)).toEqual(['created x journaled']);
  });

  /** Every kind with who tells it. */
  const toldBy: Readonly<Record<OrderEventKind, string>> = {
    'order-triggered': 'the venue, of a stop order',
    'order-denied': 'a cell',
    'order-sent': 'a cell',
    'order-acked': 'a cell',
    'order-uncertain': 'a cell',
    'order-recovered': 'a cell',
    'order-open': 'a cell',
    'order-fill': 'a cell',
    'order-filled': 'a cell',
    'order-canceled': 'a cell',
    'order-expired': 'a cell',
    'order-rejected': 'a cell',
    'order-not-placed': 'a cell',
    'order-correction': 'a cell',
    'order-fill-refined': 'the audit of exact fills, which changes neither amount nor status',
    'order-adopted': 'whoever meets an own order that is not tracked yet, and so has no status',
    'order-external': 'whoever meets the order of somebody else',
    'order-cancel': 'the pending command, which is apart from the status',
    'order-settled': 'the knowledge, which is apart from the status',
    'order-anomaly': 'whoever applies an anomaly, which has no events of its own',
  };

  test('every kind that is about the status is told by a cell, and the others by none', () => {
    const byCell = Object.entries(toldBy).flatMap(([kind, teller]) => (teller === 'a cell' ? [kind] : []));
    expect([...new Set(applied.flatMap(kinds))].sort()).toEqual(byCell.sort());
  });
});
