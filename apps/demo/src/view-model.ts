import type { BookState, ConnectionState, Decimal, Pair, Side, Trade } from '@venuekit/connector-core';

/** State of a pair's book, or `refused` where the venue would not open it. */
export type RowState = BookState | 'refused';

/** One pair at one moment, ready to be shown. */
export interface PairRow {
  readonly pair: Pair;
  readonly state: RowState;
  /** Digits after the point that the pair's prices are shown with. */
  readonly priceDecimals: number;
  readonly bid: Decimal | undefined;
  readonly ask: Decimal | undefined;
  readonly lastTrade: { readonly price: Decimal; readonly side: Side } | undefined;
  /** Book messages applied. */
  readonly applied: number;
  /** Book messages older than their snapshot. */
  readonly dropped: number;
  readonly gaps: number;
  readonly resyncs: number;
  /** Public trades seen. */
  readonly trades: number;
}

/** How bad an event is. */
export type Severity = 'good' | 'note' | 'bad';

/** Something worth a line. */
export interface NotedEvent {
  /** Since the start of the run, in milliseconds. */
  readonly elapsedMs: number;
  readonly severity: Severity;
  readonly text: string;
}

/** Everything that a screen shows. */
export interface RunView {
  readonly venue: string;
  /** Where the market comes from, in a few words. */
  readonly source: string;
  readonly connection: ConnectionState;
  readonly elapsedMs: number;
  readonly rows: readonly PairRow[];
  /** Oldest first. */
  readonly events: readonly NotedEvent[];
}

/** Why a run ended. */
export type Ending = 'time' | 'replay-finished' | 'interrupted' | 'parent-gone' | 'output-closed';

/** Whether the run was good, and what to say about it. */
export interface Verdict {
  readonly ok: boolean;
  /** One sentence a line. */
  readonly lines: readonly string[];
}

/** A finished run. Taken while everything was still open. */
export interface RunResult {
  readonly view: RunView;
  readonly verdict: Verdict;
  /** Oldest first. */
  readonly trades: readonly Trade[];
  /** Older trades that were left out of `trades`. */
  readonly tradesOmitted: number;
}
