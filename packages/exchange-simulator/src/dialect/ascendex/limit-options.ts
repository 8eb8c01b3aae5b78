/**
 * How many messages of a group an address may send within {@link AscendexLimits.windowMs}. Beyond the first number, messages of the group are
 * not answered for {@link AscendexLimits.ignoreMs}; beyond the second, which counts those too, the session ends and the address is banned.
 */
export type MessageThreshold = readonly [ignoreAbove: number, banAbove: number];

/** Groups of messages that share a threshold, as the venue draws them. */
export type MessageGroup = 'admin' | 'stream' | 'requests' | 'orders' | 'snapshots';

/** Every {@link MessageGroup}. */
export const messageGroups: readonly MessageGroup[] = ['admin', 'stream', 'requests', 'orders', 'snapshots'];

/** Limits by address. Counts slide: they are exact for every moment, not by the minute of the clock. */
export interface AscendexLimits extends Readonly<Record<MessageGroup, MessageThreshold>> {
  /** `auth`, `ping` and `pong` together. */
  readonly admin: MessageThreshold;
  /** `sub` and `unsub` together. */
  readonly stream: MessageThreshold;
  /** Every `req`, also those of the next two groups. */
  readonly requests: MessageThreshold;
  /** `place-order`, `cancel-order` and `cancel-all` together. */
  readonly orders: MessageThreshold;
  /** `depth-snapshot` and `depth-snapshot-top100` together. */
  readonly snapshots: MessageThreshold;
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
  /** Attempts to connect within `connectWindowMs`; one more bans the address. */
  readonly connects: number;
  /** Over how long attempts to connect are counted, in milliseconds. */
  readonly connectWindowMs: number;
  /** HTTP status for one session too many. */
  readonly crowdedStatus: number;
  /** HTTP status for a banned address. */
  readonly bannedStatus: number;
  /** Failed logins of the stream within `windowMs`; after as many, none is looked at. */
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

/** What a limit has to be and `value` is not; `undefined` if it is. */
export function limitProblem(name: keyof AscendexLimits, value: unknown): string | undefined {
  if ((messageGroups as readonly string[]).includes(name))
    return isThreshold(value) ? undefined : 'two whole numbers above 0, the second not below the first';
  if (name === 'crowdedStatus' || name === 'bannedStatus') {
    const isStatus = isCount(value) && value >= 400 && value <= 599;
    return isStatus ? undefined : 'an HTTP status from 400 to 599';
  }
  return isCount(value) ? undefined : 'a whole number above 0';
}

function isThreshold(value: unknown): value is MessageThreshold {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [ignoreAbove, banAbove]: unknown[] = value;
  return isCount(ignoreAbove) && isCount(banAbove) && ignoreAbove <= banAbove;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

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
