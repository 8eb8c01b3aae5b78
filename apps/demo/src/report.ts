import type { PairRow, RunResult } from './view-model.ts';

/** One pair of the report. Money is text, digit for digit. */
export interface ReportedPair {
  readonly bid: string | null;
  readonly ask: string | null;
  readonly state: PairRow['state'];
  readonly applied: number;
  readonly dropped: number;
  readonly gaps: number;
  readonly resyncs: number;
}

/** One trade of the report. Money and the venue's numbers are text, digit for digit. */
export interface ReportedTrade {
  readonly pair: string;
  readonly price: string;
  readonly amount: string;
  readonly side: 'buy' | 'sell';
  readonly seqnum: string;
  readonly venueTimeMs: number | null;
}

/** What `--json` prints. */
export interface Report {
  readonly ok: boolean;
  readonly pairs: Readonly<Record<string, ReportedPair>>;
  /** Oldest first. */
  readonly trades: readonly ReportedTrade[];
  /** Present if `trades` is not complete: how many older ones were left out. */
  readonly tradesOmitted?: number;
}

/** The report of a run. */
export function toReport({ verdict, view, trades, tradesOmitted }: RunResult): Report {
  return {
    ok: verdict.ok,
    pairs: Object.fromEntries(view.rows.map((row) => [row.pair, toReportedPair(row)])),
    trades: trades.map((trade) => ({
      pair: trade.pair,
      price: trade.price.toString(),
      amount: trade.amount.toString(),
      side: trade.side,
      seqnum: trade.tradeId,
      venueTimeMs: trade.venueTimeMs ?? null,
    })),
    ...(tradesOmitted > 0 ? { tradesOmitted } : {}),
  };
}

function toReportedPair(row: PairRow): ReportedPair {
  return {
    bid: row.bid?.toString() ?? null,
    ask: row.ask?.toString() ?? null,
    state: row.state,
    applied: row.applied,
    dropped: row.dropped,
    gaps: row.gaps,
    resyncs: row.resyncs,
  };
}
