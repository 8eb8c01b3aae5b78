import type { VenueErrorCode } from './venue-error-codes.ts';

/**
 * What became of a command that failed: it never left, the venue refused it, or nobody can tell yet.
 * `unknown` is never reported as `rejected`.
 */
export type CommandOutcome = 'not-sent' | 'rejected' | 'unknown';

/** A rule that an order can break: which field, and of what. */
export interface OrderRule {
  /** The field of the request, for example `price`. */
  readonly field: string;
  /** What it breaks. */
  readonly rule:
    | 'tick'
    | 'lot'
    | 'min-amount'
    | 'max-amount'
    | 'min-notional'
    | 'max-notional'
    | 'would-take'
    /** The market takes no such order now. */
    | 'status'
    /** It is not what an order is made of: a field that is missing, too much, or no number. */
    | 'form'
    /** A guard of our own. */
    | 'guard';
}

/** What a {@link VenueError} is made of. */
export interface VenueErrorInit {
  /** What went wrong, for programs. */
  readonly code: VenueErrorCode;
  /** What went wrong, for people: what was expected and what was got. Without secrets. */
  readonly message: string;
  /** Venue id, for example `ascendex`. */
  readonly venue?: string;
  /** The call or stream in which it happened, for example `fetchBook`. */
  readonly operation?: string;
  /** The error underneath, if any. */
  readonly cause?: unknown;
  /** The order concerned, if any. */
  readonly clientOrderId?: string;
  /** How long to wait before the next try, in milliseconds, where the venue or a limiter said so. */
  readonly retryAfterMs?: number;
  /** What became of the command; present on errors of commands only. */
  readonly outcome?: CommandOutcome;
  /** The venue's own error code, digit for digit, where it gave one. */
  readonly venueCode?: string;
  /** The rule that an order breaks, where one is known. */
  readonly rule?: OrderRule;
}

const brand = Symbol.for('venuekit.error');

/**
 * The one error type of connectors and of what they are built from.
 *
 * Switch on `code`. `instanceof` and {@link isVenueError} go by a brand, so that an error made by another installed copy of
 * this package is recognised too. An error does not survive `structuredClone`: send its plain fields to a worker.
 */
export class VenueError extends Error {
  override readonly name = 'VenueError';
  /** What went wrong, for programs. */
  readonly code: VenueErrorCode;
  /** Venue id, for example `ascendex`. */
  readonly venue: string | undefined;
  /** The call or stream in which it happened. */
  readonly operation: string | undefined;
  /** The order concerned, if any. */
  readonly clientOrderId: string | undefined;
  /** How long to wait before the next try, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** What became of the command; present on errors of commands only. */
  readonly outcome: CommandOutcome | undefined;
  /** The venue's own error code, digit for digit. */
  readonly venueCode: string | undefined;
  /** The rule that an order breaks, where one is known. */
  readonly rule: OrderRule | undefined;

  constructor(init: VenueErrorInit) {
    super(`${prefix(init)}${init.message}`, 'cause' in init ? { cause: init.cause } : undefined);
    this.code = init.code;
    this.venue = init.venue;
    this.operation = init.operation;
    this.clientOrderId = init.clientOrderId;
    this.retryAfterMs = init.retryAfterMs;
    this.outcome = init.outcome;
    this.venueCode = init.venueCode;
    this.rule = init.rule;
    Object.defineProperty(this, brand, { value: true });
  }

  /** `instanceof VenueError` goes by the brand; a class made from it inherits this and goes by its prototype, as usual. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked about, which may be a subclass.
    if (this !== VenueError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && brand in value;
  }
}

function prefix({ venue, operation }: VenueErrorInit): string {
  const place = operation === undefined ? '' : `${operation}: `;
  return venue === undefined ? place : `[${venue}] ${place}`;
}

/** True for a {@link VenueError} of this or any other installed copy of the package. */
export function isVenueError(value: unknown): value is VenueError {
  return value instanceof VenueError;
}
