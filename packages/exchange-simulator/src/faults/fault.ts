import { VenueError } from '@venuekit/connector-core';

/**
 * What can go wrong.
 *
 * - `drop`: every connection is cut.
 * - `gap`: of every symbol, one depth message is left out.
 * - `duplicate`: of every symbol, one depth message is sent twice.
 * - `reorder`: of every symbol, one depth message changes places with the next one.
 * - `malformed`: of every symbol, one depth message is cut in half and is no longer JSON.
 * - `epoch`: the feed restarts: the books go on with lower numbers, by two to fifty or by a thousand to a million.
 * - `mute`: nothing is published on a channel; everything else is served, and the sequence goes on.
 * - `silence`: nothing is sent on any connection; they stay open.
 * - `lost-confirmation`: subscriptions are taken and not confirmed.
 * - `ignored-subscription`: subscriptions are not taken, and nobody is told.
 * - `refused-subscription`: subscriptions are refused.
 * - `slow-snapshot`: from then on, books are given late.
 * - `lost-snapshot`: books that were asked for on a stream never come.
 * - `old-snapshot`: books on a stream are given as they were when it began.
 * - `refuse`: new connections are refused with HTTP 503.
 */
export type FaultKind =
  | 'drop'
  | 'gap'
  | 'duplicate'
  | 'reorder'
  | 'malformed'
  | 'epoch'
  | 'mute'
  | 'silence'
  | 'lost-confirmation'
  | 'ignored-subscription'
  | 'refused-subscription'
  | 'slow-snapshot'
  | 'lost-snapshot'
  | 'old-snapshot'
  | 'refuse';

/** A channel of the stream; `bbo` are the best prices. */
export type FaultChannel = 'depth' | 'trades' | 'bbo';

/** A fault and its time. */
export interface Fault {
  readonly kind: FaultKind;
  /** Recorded time since the first depth subscription of a replay; seconds since the first one of a client otherwise. */
  readonly atSeconds: number;
  /**
   * How long it lasts, or how late a book is given. For `mute`, `silence`, `refuse`, and what befalls subscriptions and snapshots;
   * without it they last until the end.
   */
  readonly durationSeconds?: number;
  /** The only symbol that is struck; every symbol if left out. Not for `drop`, `silence` and `refuse`. */
  readonly symbol?: string;
  /** The only channel that is struck; every channel if left out. For `mute` and what befalls subscriptions. */
  readonly channel?: FaultChannel;
}

type Part = 'duration' | 'symbol' | 'channel';

/** What a fault may have besides its time. */
const partsByKind: Readonly<Record<FaultKind, readonly Part[]>> = {
  drop: [],
  gap: ['symbol'],
  duplicate: ['symbol'],
  reorder: ['symbol'],
  malformed: ['symbol'],
  epoch: ['symbol'],
  mute: ['duration', 'symbol', 'channel'],
  silence: ['duration'],
  'lost-confirmation': ['duration', 'symbol', 'channel'],
  'ignored-subscription': ['duration', 'symbol', 'channel'],
  'refused-subscription': ['duration', 'symbol', 'channel'],
  'slow-snapshot': ['duration', 'symbol'],
  'lost-snapshot': ['duration', 'symbol'],
  'old-snapshot': ['duration', 'symbol'],
  refuse: ['duration'],
};

/** Every {@link FaultKind}. */
export const faultKinds: readonly FaultKind[] = Object.keys(partsByKind) as FaultKind[];

const channels: readonly string[] = ['depth', 'trades', 'bbo'] satisfies FaultChannel[];

const faultText =
  /^([a-z-]+)@(\d+(?:\.\d+)?)(?:\+(\d+(?:\.\d+)?))?(?::(depth|trades|bbo)(?![^:]))?(?::([^:]+))?$/;

/**
 * Reads a fault written as `KIND@SECONDS`, with `+SECONDS`, `:CHANNEL` and `:SYMBOL` behind it where the kind has them, for example
 * `drop@3`, `silence@5+10` or `mute@5+10:depth:BTC/USDT`.
 * @throws VenueError `invalid-options` for anything else.
 */
export function parseFault(text: string): Fault {
  const [, kind = '', at = '', duration, channel, symbol] = faultText.exec(text) ?? [];
  if (kind === '') {
    throw refusal(`expected KIND@SECONDS or KIND@SECONDS+SECONDS such as drop@3, got "${text}"`);
  }
  return checkFault({
    kind: kind as FaultKind,
    atSeconds: Number(at),
    ...(duration === undefined ? {} : { durationSeconds: Number(duration) }),
    ...(channel === undefined ? {} : { channel: channel as FaultChannel }),
    ...(symbol === undefined ? {} : { symbol }),
  });
}

/**
 * The same fault, if it makes sense.
 * @throws VenueError `invalid-options` for an unknown kind, a time that is not a number from zero up, or a duration, a symbol or a
 * channel that the kind does not have.
 */
export function checkFault(fault: Fault): Fault {
  const { kind, atSeconds, durationSeconds, symbol, channel } = fault;
  if (!faultKinds.includes(kind)) throw refusal(`expected one of ${faultKinds.join(', ')}, got "${kind}"`);
  if (!isDuration(atSeconds)) throw refusal(`${kind}: expected atSeconds from 0 up, got ${atSeconds}`);
  checkPart(kind, 'duration', durationSeconds);
  checkPart(kind, 'symbol', symbol);
  checkPart(kind, 'channel', channel);
  if (durationSeconds !== undefined && !isDuration(durationSeconds))
    throw refusal(`${kind}: expected durationSeconds from 0 up, got ${durationSeconds}`);
  if (channel !== undefined && !channels.includes(channel))
    throw refusal(`${kind}: expected channel to be one of ${channels.join(', ')}, got "${channel}"`);
  return fault;
}

function checkPart(kind: FaultKind, part: Part, value: string | number | undefined): void {
  if (value === undefined || partsByKind[kind].includes(part)) return;
  const having = faultKinds.filter((other) => partsByKind[other].includes(part));
  throw refusal(`${kind}: expected no ${part}, got ${value}; only ${having.join(', ')} have one`);
}

function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function refusal(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'fault', message });
}
