/** Why a limiter refused. */
export type LimitErrorCode =
  /** The definitions of limits contradict themselves or each other; `limit` and `field` say where. */
  | 'invalid-limits'
  /** An argument of a call makes no sense; `field` says which. */
  | 'invalid-request'
  /** No limit has this id, or no limit is of this scope. */
  | 'unknown-limit'
  /** The request weighs more than a limit ever lets through. */
  | 'too-heavy'
  /** As many requests wait as may wait. */
  | 'queue-full'
  /** The deadline passed before there was room. */
  | 'deadline'
  /** The caller's signal; its reason is the `cause`. */
  | 'aborted'
  /** The scope is closed by a penalty, and the request does not want to wait for its end. */
  | 'penalised'
  /** The store that shares the limits cannot be reached; the reason is the `cause`. */
  | 'unavailable'
  /** The limiter was closed. */
  | 'closed';

/** What a {@link LimitError} is made of. */
export interface LimitErrorInit {
  readonly code: LimitErrorCode;
  /** What was expected and what was got, for people. */
  readonly message: string;
  /** Id of the limit concerned. */
  readonly limit?: string;
  /** The field at fault, for example `links[0].weight`. */
  readonly field?: string;
  /** How long until there is room, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const brand = Symbol.for('venuekit.limit-error');

/** The one error type of this package. `instanceof` and {@link isLimitError} go by a brand, across installed copies. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  /** Why, for programs. */
  readonly code: LimitErrorCode;
  /** Id of the limit concerned; of the one that holds the request up, where the request waited. */
  readonly limit: string | undefined;
  /** The field at fault, for `invalid-limits` and `invalid-request`. */
  readonly field: string | undefined;
  /**
   * How long until there would be room for the request, in milliseconds: after everything that waits ahead of it, if nothing is
   * given back, closed or asked for with precedence meanwhile. `undefined` where that cannot be known, as for a request that is
   * too heavy.
   */
  readonly retryAfterMs: number | undefined;

  constructor({ code, message, limit, field, retryAfterMs, ...rest }: LimitErrorInit) {
    super(message, 'cause' in rest ? { cause: rest.cause } : undefined);
    this.code = code;
    this.limit = limit;
    this.field = field;
    this.retryAfterMs = retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /** `instanceof LimitError` goes by the brand; a class made from it goes by its prototype, as usual. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: `this` is the class that is asked about, which may be a subclass.
    if (this !== LimitError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && brand in value;
  }
}

/** True for a {@link LimitError} of this or any other installed copy of the package. */
export function isLimitError(value: unknown): value is LimitError {
  return value instanceof LimitError;
}
