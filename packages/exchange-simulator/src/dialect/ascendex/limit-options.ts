/**
 * How many messages of a group an address may send within {@link AscendexLimits.windowMs}. Beyond the first number, messages of the group are
 * not answered for {@link AscendexLimits.ignoreMs}; beyond the second, which counts those too, the session ends and the address is banned.
 */
export type MessageThreshold = readonly [ignoreAbove: number, banAbove: number];

/** Groups of messages that share a threshold, as the venue draws them: `requests` are all of them, also those of another group. */
export type MessageGroup = 'admin' | 'stream' | 'requests' | 'orders' | 'snapshots';

/** Every {@link MessageGroup}. */
export const messageGroups: readonly MessageGroup[] = ['admin', 'stream', 'requests', 'orders', 'snapshots'];

/** Limits by address. Counts slide: they are exact for every moment, not by the minute of the clock. */
export interface AscendexLimits extends Readonly<Record<MessageGroup, MessageThreshold>> {
  /** Over how long messages are counted, in milliseconds. */
  readonly windowMs: number;
  /** How long messages are ignored, in milliseconds. */
  readonly ignoreMs: number;
  /** How long an address is banned, in milliseconds. */
  readonly banMs: number;
  /** Open sessions of an address on the streams of one account group. */
  readonly sessionsPerGroup: number;
  /** Open sessions of an address. */
  readonly sessionsPerAddress: number;
  /** Attempts to connect within {@link AscendexLimits.connectWindowMs}; one more bans the address. */
  readonly connects: number;
  /** In milliseconds. */
  readonly connectWindowMs: number;
  /** HTTP status for one session too many. */
  readonly crowdedStatus: number;
  /** HTTP status for a banned address. */
  readonly bannedStatus: number;
  /** Failed logins of the stream within {@link AscendexLimits.windowMs}; after as many, none is looked at. */
  readonly failedLogins: number;
}

const minuteMs = 60_000;

/** What the venue publishes as its limits; what it does not publish is a choice of this dialect. */
export const defaultLimits: AscendexLimits = {
  windowMs: minuteMs,
  ignoreMs: 15 * minuteMs,
  banMs: 15 * minuteMs,
  admin: [800, 1_000],
  stream: [150, 200],
  requests: [10_000, 10_000],
  orders: [8_000, 10_000],
  snapshots: [400, 500],
  sessionsPerGroup: 20,
  sessionsPerAddress: 300,
  connects: 45,
  connectWindowMs: 5 * minuteMs,
  crowdedStatus: 429,
  bannedStatus: 403,
  failedLogins: 10,
};

const endless = 1_000_000_000;

/** Changes of {@link defaultLimits} that nobody can reach, for load tests and the like. */
export const noLimits: Partial<AscendexLimits> = {
  admin: [endless, endless],
  stream: [endless, endless],
  requests: [endless, endless],
  orders: [endless, endless],
  snapshots: [endless, endless],
  sessionsPerGroup: endless,
  sessionsPerAddress: endless,
  connects: endless,
  failedLogins: endless,
};
