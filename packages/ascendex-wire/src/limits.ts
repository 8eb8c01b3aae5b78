/** A window of a limit: at most `capacity` in any `windowMs`, unless the policy says otherwise. */
export interface VenueLimitWindow {
  /** Most messages, requests, dials or sessions. */
  readonly capacity: number;
  /** In milliseconds; left out for `concurrent`. */
  readonly windowMs?: number;
  /** `token-bucket`: a burst, then an even pace. `concurrent`: how many at one time. A sliding window by default. */
  readonly policy?: 'token-bucket' | 'concurrent';
  /** How far apart two equally long journeys to the venue may be, in milliseconds. */
  readonly allowanceMs?: number;
  /** Room that is kept for what must never wait. */
  readonly reserved?: { readonly cancel: number };
}

/** Something that the venue counts. */
export interface VenueLimit {
  readonly id: VenueLimitId;
  /** Whom it counts together: an address, an account, or each session by itself. */
  readonly scope: 'ip' | 'account' | 'session';
  /** Left out for what counts towards others only. */
  readonly windows?: readonly VenueLimitWindow[];
  /** Limits that it counts towards too. */
  readonly links?: readonly { readonly id: VenueLimitId }[];
  /** Share of the capacities that is ours, in percent; all of them if left out. */
  readonly sharePercent?: number;
}

/** Every limit by its name. */
export type VenueLimitId =
  | 'rest'
  | 'balance-data'
  | 'connects'
  | 'sessions'
  | 'dial'
  | 'admin-ops'
  | 'stream-ops'
  | 'requests'
  | 'order-requests'
  | 'snapshot-requests'
  | 'market-trades'
  | 'open-order'
  | 'balance'
  | 'margin-risk'
  | 'batch-place-order'
  | 'batch-cancel-order';

/** The window of everything that is counted in sessions, in milliseconds. */
const minuteMs = 60_000;

/**
 * What the venue lets through before it ignores, refuses or bans: the first levels of the documented sample reply; its own answer
 * of the moment is at `endpoints.riskLimitInfo`. What lies beyond is in `limitBreaches`. Source: docs, "Risk Limit Info (v2)", but
 * where a comment says otherwise.
 */
export const rateLimits: readonly VenueLimit[] = [
  // Requests: 5 a second after a burst of 10. Our own choice: the venue publishes no general limit, and clients saw pages with 429.
  { id: 'rest', scope: 'ip', windows: [{ capacity: 10, windowMs: 2_000, policy: 'token-bucket' }] },
  // `balanceSnapshot` and `balanceHistory` together. Source: docs, "Balance Snapshot And Update Detail".
  { id: 'balance-data', scope: 'account', windows: [minute(8)], links: [{ id: 'rest' }] },
  // New connections; more is a ban with code 100014. Source: docs, the older form of "Risk Limit Info".
  { id: 'connects', scope: 'ip', windows: [{ capacity: 45, windowMs: 300_000 }] },
  // Open sessions of one address and one account group.
  { id: 'sessions', scope: 'ip', windows: [{ capacity: 20, policy: 'concurrent' }] },
  { id: 'dial', scope: 'ip', links: [{ id: 'connects' }, { id: 'sessions' }] },
  // Messages `auth`, `ping` and `pong` together.
  { id: 'admin-ops', scope: 'session', windows: [minute(800)] },
  // Messages `sub` and `unsub` together.
  { id: 'stream-ops', scope: 'session', windows: [minute(150)] },
  // Every message `req`, whatever its action.
  { id: 'requests', scope: 'session', windows: [minute(10_000)] },
  // Actions `place-order`, `cancel-order` and `cancel-all` together.
  request('order-requests', 8_000),
  // Actions `depth-snapshot` and `depth-snapshot-top100` together.
  request('snapshot-requests', 400),
  request('market-trades', 10_000),
  request('open-order', 10_000),
  request('balance', 10_000),
  request('margin-risk', 10_000),
  request('batch-place-order', 10_000),
  request('batch-cancel-order', 10_000),
];

function minute(capacity: number): VenueLimitWindow {
  return { capacity, windowMs: minuteMs };
}

function request(id: VenueLimitId, capacity: number): VenueLimit {
  return { id, scope: 'session', windows: [minute(capacity)], links: [{ id: 'requests' }] };
}

/** How far apart two equally long journeys to the venue may be, in milliseconds: a guess that is on the safe side. */
const allowanceMs = 1_000;
/** Our share of what a session may send before the venue ignores it, in percent: the rest is for others on the same address. */
const sessionShare = 75;
/** Most dials in the venue's window, however much it allows: more only helps against a venue that is up. */
const mostConnects = 20;
/** Room for pings and pongs: those of 20 sessions in a minute are fewer. */
const reservedPings = 300;

/**
 * What clients of ours keep to: the venue's limits with our share of them. Everything that talks to one host of the venue counts
 * together, whichever package it is of; so all take these.
 */
export const clientLimits: readonly VenueLimit[] = rateLimits.map((limit) => ({
  ...limit,
  ...(limit.scope === 'session' && { sharePercent: sessionShare }),
  ...(limit.windows !== undefined && { windows: limit.windows.map((window) => ourWindow(limit.id, window)) }),
}));

function ourWindow(id: VenueLimitId, window: VenueLimitWindow): VenueLimitWindow {
  if (window.policy === 'concurrent') return window;
  // The pace of requests is our own choice: nobody counts for whom journeys could differ.
  if (id === 'rest') return { ...window, allowanceMs: 0 };
  const capacity = id === 'connects' ? mostConnects : window.capacity;
  return {
    ...window,
    capacity,
    allowanceMs,
    ...(id === 'admin-ops' && { reserved: { cancel: reservedPings } }),
  };
}

/** What happens beyond the limits. Source: docs, "Risk Limit Info (v2)", but where a comment says otherwise. */
export const limitBreaches = {
  /** Messages of a group beyond its limit are ignored without a word for this long, in milliseconds. */
  penaltyMs: 900_000,
  /** Messages a minute beyond which the session is killed, and its address banned for as long. */
  secondLevels: {
    'admin-ops': 1_000,
    'stream-ops': 200,
    requests: 10_000,
    'order-requests': 10_000,
    'snapshot-requests': 500,
  },
  /** Open sessions of one address, whatever their account groups. */
  sessionsOfAddress: 300,
  /** How long to ask nothing after a reply of 429 or 418 that does not say so itself, in milliseconds. Our own choice: the venue states none. */
  unstatedPenaltyMs: 60_000,
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
