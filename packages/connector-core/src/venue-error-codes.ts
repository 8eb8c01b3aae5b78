/** What an error code means, and what its receiver does. */
export interface VenueErrorCodeInfo {
  /** When it is thrown. */
  readonly meaning: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** What went wrong, for programs to switch on. Keep a `default` branch: a minor release may add a code. */
export type VenueErrorCode =
  | 'invalid-options'
  | 'unsupported'
  | 'not-connected'
  | 'closed'
  | 'aborted'
  | 'timeout'
  | 'transport'
  | 'protocol'
  | 'authentication'
  | 'permission'
  | 'rate-limited'
  | 'clock-skew'
  | 'invalid-request'
  | 'invalid-order'
  | 'insufficient-balance'
  | 'order-not-found'
  | 'market-unavailable'
  | 'venue-unavailable'
  | 'venue-closed'
  | 'slow-consumer'
  | 'stale'
  | 'reconciling'
  | 'denied'
  | 'contract-mismatch';

/** Every code with its meaning. Source of the table in `docs/contract/errors.md`. */
export const venueErrorCodes: Readonly<Record<VenueErrorCode, VenueErrorCodeInfo>> = {
  'invalid-options': {
    meaning: 'An option of a factory makes no sense. The message names it.',
    remedy: 'Correct the option.',
  },
  unsupported: {
    meaning: 'The connector does not claim what was asked for.',
    remedy: 'Look at `capabilities` before asking.',
  },
  'not-connected': {
    meaning: 'The call needs a connection, and `connect` was not called or has not succeeded.',
    remedy: 'Await `connect` first.',
  },
  closed: {
    meaning: 'The connector, handle or feed was closed, before the call or during it.',
    remedy: 'Make a new connector.',
  },
  aborted: {
    meaning:
      'The signal of a command was aborted after its bytes had left, or, in the result of one order of several, before. Otherwise the reason of the signal itself is thrown.',
    remedy: 'Look at the outcome: if it is unknown, follow the order in `orders`.',
  },
  timeout: {
    meaning: 'No answer came in time.',
    remedy: 'Ask again; of a command, the outcome is unknown: follow the order in `orders`.',
  },
  transport: {
    meaning: 'The network failed: no connection, a reset, a broken body.',
    remedy: 'Ask again later; of a command, the outcome says whether it can have arrived.',
  },
  protocol: {
    meaning: 'The venue said something that cannot be understood.',
    remedy: 'Report it. Nothing was guessed in its place.',
  },
  authentication: {
    meaning: 'The venue does not accept the key or the signature.',
    remedy: 'Check key and secret. It is not tried again.',
  },
  permission: {
    meaning: 'The key is accepted and may not do this.',
    remedy: 'Give the key the permission, or use another.',
  },
  'rate-limited': {
    meaning: 'The venue, or our own budget, allows no more at the moment.',
    remedy: 'Wait `retryAfterMs` where it is given.',
  },
  'clock-skew': {
    meaning: 'Our clock and the one of the venue are too far apart to sign safely.',
    remedy: 'Correct the clock of the machine.',
  },
  'invalid-request': {
    meaning: 'An argument makes no sense. The message names it.',
    remedy: 'Correct the call.',
  },
  'invalid-order': {
    meaning:
      'The order breaks a rule of its market: tick, lot, smallest or largest amount or value, type, would take.',
    remedy: 'Correct the order; the message names field and rule.',
  },
  'insufficient-balance': {
    meaning: 'The account has too little for the order and its fees.',
    remedy: 'Order less, or fund the account.',
  },
  'order-not-found': {
    meaning: 'Nobody knows an order by this identifier.',
    remedy: 'Check the identifier. For an order of yours it is no proof that it does not exist.',
  },
  'market-unavailable': {
    meaning: 'The venue does not list the market, or refuses it at the moment.',
    remedy: 'Look at `instruments`.',
  },
  'venue-unavailable': {
    meaning: 'The venue answers that it does not work at the moment: maintenance, overload, 5xx.',
    remedy: 'Try again later.',
  },
  'venue-closed': {
    meaning: 'The venue has ceased to exist.',
    remedy: 'Use another venue, or the simulator.',
  },
  'slow-consumer': {
    meaning: 'A reader of a lossless feed fell behind the bound, and was ended.',
    remedy: 'Read faster, or ask for the present state and read again.',
  },
  stale: {
    meaning: 'A price was asked of something that is not live.',
    remedy: 'Wait until it is live again.',
  },
  reconciling: {
    meaning: 'New orders are refused until what the venue knows was compared with what we know.',
    remedy: 'Wait for the trading state `ready`. Cancels pass.',
  },
  denied: {
    meaning: 'A guard of our own refused the order: a limit, the kill switch, a deadline.',
    remedy: 'Look at the guard that the message names.',
  },
  'contract-mismatch': {
    meaning: 'Two packages were made for different versions of this contract.',
    remedy: 'Install versions that fit together.',
  },
};
