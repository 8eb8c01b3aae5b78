/** What a stream of depth messages is like. */
export interface Workload {
  readonly name: string;
  /** Levels that each side of the book hovers about. */
  readonly levelsPerSide: number;
  /** Mean of the levels that one message changes, of both sides. */
  readonly levelsPerMessage: number;
}

/** Every book size with every message size. */
export const workloads: readonly Workload[] = [500, 2_000].flatMap((levelsPerSide) =>
  [5, 15].map((levelsPerMessage) => ({
    name: `${levelsPerSide} levels a side, ${levelsPerMessage} a message`,
    levelsPerSide,
    levelsPerMessage,
  })),
);

/** Messages of a stream; they are played again and again, each time on the book that they began with. */
export const messagesPerPass = 5_000;

/** The market of all workloads; prices and amounts are whole numbers of these decimal places wherever they are compared. */
export const market = { symbol: 'BTC/USDT', priceScale: 2, amountScale: 5 } as const;
