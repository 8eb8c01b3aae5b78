/** How the simulator is loaded. */
export interface LoadPlan {
  readonly pairs: number;
  /** Bouts of orders a second in ordinary times, of each pair. */
  readonly activity: number;
  readonly depthIntervalMs: number;
  /** Account groups; each has an account, and an address of its own from which its sockets come. */
  readonly groups: number;
  readonly socketsPerGroup: number;
  /** How many symbols each socket follows: the sockets share all of them out, and begin anew when none is left. */
  readonly symbolsPerSocket: number;
  /** Orders a second that are placed and canceled. */
  readonly ordersPerSecond: number;
  readonly warmupSeconds: number;
  readonly seconds: number;
}

/** Where the simulator is, and who may trade there. */
export interface LoadAddress {
  readonly restUrl: string;
  readonly streamUrl: string;
  readonly pairs: readonly string[];
  readonly accounts: readonly LoadAccount[];
}

/** An account of the simulator. */
export interface LoadAccount {
  readonly group: number;
  readonly key: string;
  readonly secret: string;
}

/** What the simulator's process has done so far. */
export interface ServerReading {
  /** User and system time, in milliseconds. */
  readonly processorMs: number;
  readonly systemMs: number;
  /** Frames given to sockets. */
  readonly sent: number;
  /** Depth messages, however many sockets each went to. */
  readonly depth: number;
  /** Since the reading before: how late timers were, in milliseconds. */
  readonly lateness: { readonly median: number; readonly p99: number; readonly most: number };
  readonly residentBytes: number;
}

/** What the sockets have been sent since the reading before. */
export interface ClientReading {
  readonly processorMs: number;
  readonly depth: number;
  readonly bytes: number;
  /** Messages whose number is not the next one. */
  readonly gaps: number;
  /** Sockets that have closed so far. */
  readonly closed: number;
  /** Books of sockets that have been sent something so far. */
  readonly books: number;
  /** How old depth messages were on arrival, in whole milliseconds: how many of each age, the last for all that are older. */
  readonly ages: readonly number[];
}
