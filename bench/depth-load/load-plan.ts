/** How a client is loaded. */
export interface LoadPlan {
  /** Books, each of a symbol. */
  readonly symbols: number;
  /** Time between two publications of all books. */
  readonly depthIntervalMs: number;
  /** Orders that rest in a book at the beginning, on both sides together; of books without orders, levels. */
  readonly ordersPerBook: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
}

/** Where the books are, and what they are of. */
export interface LoadAddress {
  readonly restUrl: string;
  readonly streamUrl: string;
  readonly markets: readonly LoadMarket[];
}

/** A symbol, and how many digits its numbers have after the point. */
export interface LoadMarket {
  readonly symbol: string;
  readonly priceScale: number;
  readonly amountScale: number;
}

/** What a book was, at one of its numbers. */
export type Audit = readonly [symbol: string, sequence: string, digest: string];

/** What a server has done so far. */
export interface ServerReading {
  /** User and system time, in milliseconds. */
  readonly processorMs: number;
  /** Depth messages that the market made, however many sockets they went to. */
  readonly made: number;
}

/** Everything that the server knows of its books, when they have come to rest. */
export interface ServerTruth {
  /** The books at their sampled numbers, and at last. */
  readonly audits: readonly Audit[];
  readonly last: readonly Audit[];
  /** Streams that were ever opened. */
  readonly dials: number;
  /** What clients asked: REST requests, subscribe messages and snapshots. */
  readonly requests: { readonly rest: number; readonly subscribe: number; readonly snapshots: number };
}

/** One book as a client has it. */
export interface BookReading {
  readonly symbol: string;
  /** `undefined` while it is not right. */
  readonly sequence: string | undefined;
  /** Messages applied so far. */
  readonly applied: number;
}

/** Times by which a timer of 1 ms was late, in milliseconds. */
export interface Lateness {
  readonly median: number;
  readonly p99: number;
  readonly most: number;
}

/** What a client has done. */
export interface ClientReading {
  /** User and system time so far, in milliseconds. */
  readonly processorMs: number;
  /** Depth messages received so far. */
  readonly received: number;
  /** Since the measurement began. */
  readonly lateness: Lateness;
  /** Gaps, resyncs, silences and whatever else is no plain message, so far. */
  readonly troubles: number;
  /** Comparisons with a snapshot of the venue that the client made by itself, so far. */
  readonly ownAudits: number;
  /** Books at their sampled numbers, since the reading before. */
  readonly audits: readonly Audit[];
}

/** What a client is asked. `begin` forgets the lateness so far; `heap` collects all garbage first. */
export type ClientQuestion = 'begin' | 'read' | 'heap' | 'books' | 'last';

/** The answer to each question. */
export interface ClientAnswers {
  readonly begin: ClientReading;
  readonly read: ClientReading;
  /** Bytes in use. */
  readonly heap: number;
  readonly books: readonly BookReading[];
  /** Every book as it is. */
  readonly last: readonly Audit[];
}

/** What a server is asked. `stop` ends all change. */
export type ServerQuestion = 'read' | 'stop' | 'truth';

/** The answer to each question. */
export interface ServerAnswers {
  readonly read: ServerReading;
  readonly stop: ServerReading;
  readonly truth: ServerTruth;
}
