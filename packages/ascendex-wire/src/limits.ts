/**
 * Limits of the stream, in messages per minute and session. Above `level1`, messages of the group are ignored without
 * a word for the time of the penalty; above `level2`, the session is killed and the IP banned for as long. The numbers are those
 * of the documented sample reply; the venue's own answer of the moment is at `endpoints.riskLimitInfo`. Source: docs, "Risk Limit Info (v2)".
 */
export const streamLimits = {
  /** The window in which all of these are counted, in milliseconds. */
  windowMs: 60_000,
  /** How long a breach is punished, in milliseconds. */
  penaltyMs: 900_000,
  /** `auth`, `ping` and `pong` together. */
  adminOps: { level1: 800, level2: 1_000 },
  /** `sub` and `unsub` together. */
  streamOps: { level1: 150, level2: 200 },
  /** Every `req`. */
  requests: { level1: 10_000, level2: 10_000 },
  /** `place-order`, `cancel-order` and `cancel-all` together. */
  orderRequests: { level1: 8_000, level2: 10_000 },
  /** `depth-snapshot` and `depth-snapshot-top100` together. */
  snapshotRequests: { level1: 400, level2: 500 },
  /** Each other action by itself, among them `market-trades`. */
  otherRequests: { level1: 10_000, level2: 10_000 },
} as const;

/** Limits of connections. Source: docs, "Risk Limit Info (v2)" and, for `connectsPerIp`, its older form. */
export const sessionLimits = {
  /** Open sessions of one IP and one account group. */
  perIpAndGroup: 20,
  /** Open sessions of one IP. */
  perIp: 300,
  /** New connections of one IP; more is a ban with code 100014. */
  connectsPerIp: { count: 45, windowMs: 300_000 },
} as const;

/** Limits of the REST interface. */
export const restLimits = {
  /** Our own choice: the venue publishes no general limit. Clients in the wild saw 429 pages of the CDN. */
  general: { count: 5, windowMs: 1_000 },
  /** `balanceSnapshot` and `balanceHistory` together. Source: docs, "Balance Snapshot And Update Detail". */
  balanceData: { count: 8, windowMs: 60_000 },
} as const;

/** Sizes that one message or request may have. */
export const sizeLimits = {
  /** Symbols in one `sub` or `unsub`. Source: docs, "Subscribe to Channels". */
  symbolsPerMessage: 10,
  /** Orders in one batch. Source: docs, "Place Batch Orders". */
  ordersPerBatch: 10,
  /** Order ids in one status query; the venue takes 1,000 characters. */
  orderIdsPerQuery: 30,
  /** Trades in one answer. Source: docs, "Market Trades". */
  tradesPerAnswer: 100,
  /** Bars in one answer. Source: docs, "Historical Bar Data". */
  barsPerAnswer: 500,
  /** Levels a side in a snapshot of the stream. Source: docs, "Level 2 Order Book Snapshots". */
  snapshotLevels: 500,
  /** Longest URL in characters; a longer one is refused with HTTP 414. */
  urlCharacters: 2_048,
} as const;

/** Times of the keep-alive, in milliseconds. Source: docs, "Keep Connection Alive". */
export const keepAliveTimes = {
  /** The venue pings after this long without a message of ours. */
  serverPingAfterMs: 15_000,
  /** After a ping of ours the venue sends none for this long. */
  quietAfterClientPingMs: 30_000,
  /** How far a signed time may be from the venue's clock. Source: docs, "Create Request". */
  timestampWindowMs: 30_000,
} as const;
