/**
 * What strikes the market and its channels of depth.
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
export type MarketFaultKind =
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

/** What can be done to a message that is JSON. */
export type TextEditName =
  | 'truncated'
  | 'html'
  | 'wrong-types'
  | 'extra-field'
  | 'unknown-word'
  | 'odd-number'
  | 'edited'
  | 'raised-number'
  | 'falling-number'
  | 'proto'
  | 'deep'
  | 'huge';

/** What strikes single messages of streams, on whatever channel. */
export type FrameFaultKind =
  | 'lost-frame'
  | 'repeated-frame'
  | 'swapped-frame'
  | 'late-frame'
  | 'replayed-frame'
  | 'burst'
  | 'sliced-frame'
  | 'reset-frame'
  | `${TextEditName}-frame`;

/** What strikes single REST requests. */
export type RequestFaultKind =
  | 'lost-request'
  | 'lost-reply'
  | 'late-request'
  | 'late-reply'
  | 'http-error'
  | 'gateway-error'
  | 'cut-reply'
  | 'redirect'
  | 'stale-reply'
  | `${TextEditName}-reply`;

/** What strikes connections. */
export type SocketFaultKind =
  | 'unreachable'
  | 'hung-upgrade'
  | 'refused-upgrade'
  | 'flap'
  | 'close'
  | 'half-open'
  | 'deaf'
  | 'slow-link'
  | 'foreign-frame'
  | 'ping-flood';

/** What happens in the venue itself: its engine, its clock, its operators, and what others do to an account. */
export type VenueFaultKind =
  | 'slow-engine'
  | 'full-engine'
  | 'halt'
  | 'cancel-only'
  | 'venue-cancel'
  | 'foreign-order'
  | 'foreign-money'
  | 'restart'
  | 'venue-closed'
  | 'clock-skew'
  | 'clock-drift'
  | 'clock-stop';

/** What the venue enforces, or takes away. */
export type LimitFaultKind =
  | 'limit-silence'
  | 'limit-ban'
  | 'address-ban'
  | 'expired-key'
  | 'lost-permission'
  | 'changed-ips';

/** What can go wrong. `describeFaults` says of each what it does, and what it can be told. */
export type FaultKind =
  | MarketFaultKind
  | FrameFaultKind
  | RequestFaultKind
  | SocketFaultKind
  | VenueFaultKind
  | LimitFaultKind;

/** What a message is about, as a dialect labels it: channels of the stream, and what answers are. `bbo` are the best prices. */
export type FaultChannel =
  | ('depth' | 'trades' | 'bbo' | 'bar' | 'depth-realtime' | 'order' | 'balance')
  | ('connected' | 'auth' | 'sub' | 'unsub' | 'reply' | 'snapshot' | 'ping' | 'pong' | 'error');

/** A fault and its time. A kind takes some of these properties and no others; all but the first two can always be left out. */
export interface Fault {
  readonly kind: FaultKind;
  /** Recorded time since the first depth subscription of a replay; seconds since the first one of a client otherwise. */
  readonly atSeconds: number;
  /** How long it lasts, or how late a book is given; until the end if left out. */
  readonly durationSeconds?: number;
  /** The only symbol that is struck; every symbol if left out. */
  readonly symbol?: string;
  /** The only channel that is struck; every channel if left out. */
  readonly channel?: FaultChannel;
  /** How many are struck. */
  readonly count?: number;
  /** Only what has this in its path: the path of a request, or that of a stream with its query. */
  readonly path?: string;
  /** Only requests of this method, in capitals. */
  readonly method?: string;
  /** Only who comes from this IP address. */
  readonly address?: string;
  /** Only this account, by its name. */
  readonly account?: string;
  /** Only this API key. */
  readonly key?: string;
  /** HTTP status. */
  readonly status?: number;
  /** How late, or by how much; of the clock, negative for one that is behind. */
  readonly seconds?: number;
  /** How often, or how deep. */
  readonly times?: number;
  readonly bytes?: number;
  /** Where in the message, such as `data.cfq`; its last part may do, such as `cfq`. */
  readonly field?: string;
  /** What is written there, or sent. */
  readonly value?: string;
  /** How what is lost ends for its client. */
  readonly ending?: 'hang' | 'reset';
  /** What an error page is made of. */
  readonly body?: 'html' | 'json' | 'empty';
  /** Close code of a stream; with 1006 it is cut instead. */
  readonly code?: number;
  readonly right?: 'view' | 'trade' | 'transfer';
  readonly side?: 'buy' | 'sell';
  readonly asset?: string;
  /** Decimal text. */
  readonly price?: string;
  /** Decimal text; of money, negative for what goes. */
  readonly amount?: string;
}

/** A property that some kinds have. */
export type FaultPart = Exclude<keyof Fault, 'kind' | 'atSeconds'>;

/** Where a kind strikes. */
export type FaultPlace = 'market' | 'frames' | 'requests' | 'sockets' | 'venue' | 'limits';

/** What may stand in a property of a fault. */
export interface PartRule {
  /** For messages. */
  readonly expected: string;
  readonly type: 'number' | 'text';
  /** True for a value that it may have. */
  fits(value: unknown): boolean;
  /** Reads it from text; the result may not fit. */
  read(text: string): string | number;
}

/** What the catalogue says of a kind. */
export interface FaultEntry {
  readonly place: FaultPlace;
  /** What it may be told. */
  readonly parts: readonly FaultPart[];
  /**
   * `at-once`: it is over when it has begun. `while`: it lasts for its duration, or what is usual for it, or until the end. `next`: it waits for the next
   * `count` things that it strikes, one if left out; with a duration it strikes all of them in that time, though no more than `count`.
   */
  readonly lasts: 'at-once' | 'while' | 'next';
  /** What happens. */
  readonly what: string;
  /** Duration if none is given, in seconds. */
  readonly defaultSeconds?: number;
  /** HTTP status if none is given. */
  readonly defaultStatus?: number;
  /** Rules of its own for some parts, in place of those that hold for every kind. */
  readonly rules?: Partial<Record<FaultPart, PartRule>>;
  /** True if the effect is counted each time that it strikes something, and not when it begins. */
  readonly countsEach?: boolean;
}
