import type { Book, MarketHandle, Pair, Runtime, Timers } from '@venuekit/connector-core';
import { messageOf } from './input-error.ts';
import type { MarketWatch } from './market-watch.ts';
import type { Verdict } from './view-model.ts';

/** How long the books may take to become live, and then the venue to show its own. */
const patienceMs = 10_000;
/** A book that resyncs during its audit cannot be compared; then it is tried again. */
const mostAudits = 3;
/** Pairs named in one line. */
const mostNames = 4;

/** What is settled. */
export interface SettlementInput {
  readonly watch: Pick<MarketWatch, 'open' | 'missing'>;
  /** Resolves when every pair is open or refused. */
  readonly opening: Promise<void>;
  /** The user broke something on purpose. */
  readonly faultsRequested: boolean;
  readonly runtime: Pick<Runtime, 'clock' | 'timers'>;
  readonly signal: AbortSignal;
}

/** What is wrong with a pair; `undefined` if nothing is. */
type Finding = string | undefined;

/**
 * Judges the end of a run: every book must become live and then be equal to a fresh snapshot of the venue. A gap that was
 * noticed and resynced is no blemish; a refused pair is one.
 *
 * A book that an audit had to repair was silently wrong, and the run is not good. Only if faults were asked for may this
 * happen, for a fault can swallow the last message of a quiet market, after which nothing shows that it is missing; such a book
 * is audited once more and must be equal then.
 * @throws the reason of `signal`.
 */
export async function settle(input: SettlementInput): Promise<Verdict> {
  const { watch, opening, runtime, signal } = input;
  await waitAtMost(opening, patienceMs, runtime.timers);
  const handles = watch.open;
  const { missing } = watch;
  const findings = await Promise.all(handles.map((handle) => settleBook(handle, input)));
  signal.throwIfAborted();
  const bad = [
    ...missing.map(({ pair, reason }) => ({ pair, finding: `not open: ${reason}` })),
    ...findings.flatMap((finding, index) => describe(handles[index]?.pair ?? '', finding)),
  ];
  const total = handles.length + missing.length;
  if (total === 0) return { ok: false, lines: ['NOT OK: no pair was open.'] };
  if (bad.length > 0) {
    return { ok: false, lines: [`NOT OK: ${bad.length} of ${total} pairs failed.`, ...grouped(bad)] };
  }
  const books = handles.length === 1 ? 'the book is' : `all ${handles.length} books are`;
  return { ok: true, lines: [`OK: ${books} live and equal to a fresh snapshot of the venue.`] };
}

async function waitAtMost(work: Promise<void>, timeoutMs: number, timers: Timers): Promise<void> {
  using stack = new DisposableStack();
  const late = new Promise<void>((resolve) => {
    stack.use(timers.setTimer(timeoutMs, resolve, 'demo-patience'));
  });
  await Promise.race([work, late]);
}

interface BadPair {
  readonly pair: Pair;
  readonly finding: string;
}

function describe(pair: Pair, finding: Finding): readonly BadPair[] {
  return finding === undefined ? [] : [{ pair, finding }];
}

/** One line for what is the same, so that a lost connection is not told once a pair. */
function grouped(bad: readonly BadPair[]): readonly string[] {
  return [...Map.groupBy(bad, ({ finding }) => finding)].map(([finding, members]) => {
    const names = members.slice(0, mostNames).map(({ pair }) => pair);
    const rest = members.length - names.length;
    return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}: ${finding}`;
  });
}

async function settleBook({ book }: MarketHandle, input: SettlementInput): Promise<Finding> {
  const liveBy = input.runtime.clock.monotonic() + patienceMs;
  try {
    await book.whenLive({ timeoutMs: patienceMs, signal: input.signal });
  } catch (error) {
    const view = book.read();
    return view.state === 'live' ? messageOf(error) : `book still ${view.state}: ${view.reason}`;
  }
  return await auditBook(book, liveBy + patienceMs, input);
}

async function auditBook(book: Book, deadlineMs: number, input: SettlementInput): Promise<Finding> {
  const { signal, faultsRequested } = input;
  const { clock } = input.runtime;
  let finding: Finding;
  for (let attempt = 0; attempt < mostAudits; attempt += 1) {
    const timeoutMs = Math.max(1, Math.round(deadlineMs - clock.monotonic()));
    try {
      await book.whenLive({ timeoutMs, signal });
      const { outcome, sequence } = await book.audit({ timeoutMs, signal });
      if (outcome === 'equal') return undefined;
      finding = `the audit at sequence ${sequence} was ${outcome}`;
      if (outcome === 'repaired' && !faultsRequested) return finding;
    } catch (error) {
      const view = book.read();
      finding = view.state === 'live' ? messageOf(error) : `book still ${view.state}: ${view.reason}`;
    }
    if (signal.aborted || clock.monotonic() >= deadlineMs) break;
  }
  return finding;
}
