import { concurrent } from './concurrent.ts';
import { type Lane, type LimitDefinition, type LimitWindow, lanes } from './limit-definition.ts';
import { LimitError } from './limit-error.ts';
import type { LimitPolicy, MeterOptions } from './meter.ts';
import { slidingWindow } from './sliding-window.ts';
import { tokenBucket } from './token-bucket.ts';

/** What applies where a definition says nothing. */
export interface LimitDefaults {
  readonly allowanceMs: number;
  readonly sharePercent: number;
}

/** A window, checked and complete. */
export interface CheckedWindow {
  readonly policy: LimitPolicy;
  /** What a meter of each lane is made for, in the order of lanes; equal neighbours share one. */
  readonly byLane: readonly MeterOptions[];
  /** What of the server's capacity is not ours. */
  readonly othersShare: number;
}

/** A definition, checked and complete. */
export interface CheckedLimit {
  readonly id: string;
  readonly weight: number;
  readonly scope: string;
  readonly windows: readonly CheckedWindow[];
  readonly links: NonNullable<LimitDefinition['links']>;
}

const policies: Readonly<Record<string, LimitPolicy>> = {
  'sliding-window': slidingWindow,
  'token-bucket': tokenBucket,
  concurrent,
};

/** What is wrong with a field of a definition. */
export function limitFault(limit: string, field: string, expected: string, got: unknown): LimitError {
  const message = `limit ${limit}, ${field}: expected ${expected}, got ${shown(got)}`;
  return new LimitError({ code: 'invalid-limits', limit, field, message });
}

/** A value in a message: short, and never a whole object. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

/** True for a count: a whole number from 1 that a double holds exactly. */
export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

/** Checks one definition by itself. */
export function checkDefinition(definition: LimitDefinition, defaults: LimitDefaults): CheckedLimit {
  const { id, weight = 1, windows = [], links = [], scope, sharePercent } = definition;
  if (typeof id !== 'string' || id === '') throw limitFault(shown(id), 'id', 'a text that is not empty', id);
  if (!isCount(weight)) throw limitFault(id, 'weight', 'a whole number from 1', weight);
  if (scope !== undefined && (typeof scope !== 'string' || scope === ''))
    throw limitFault(id, 'scope', 'a text that is not empty', scope);
  if (!Array.isArray(windows)) throw limitFault(id, 'windows', 'a list', windows);
  if (!Array.isArray(links)) throw limitFault(id, 'links', 'a list', links);
  if (windows.length === 0 && links.length === 0)
    throw limitFault(id, 'windows', 'a window, or links', 'neither');
  const share = sharePercent ?? defaults.sharePercent;
  checkPercent(id, share);
  return {
    id,
    weight,
    scope: scope ?? id,
    windows: windows.map((window, at) => new WindowCheck(id, `windows[${at}]`, window).run(share, defaults)),
    links,
  };
}

function checkPercent(limit: string, percent: unknown): void {
  if (Number.isSafeInteger(percent) && (percent as number) >= 1 && (percent as number) <= 100) return;
  throw limitFault(limit, 'sharePercent', 'a whole number from 1 to 100', percent);
}

class WindowCheck {
  readonly #limit: string;
  readonly #field: string;
  readonly #window: LimitWindow;

  constructor(limit: string, field: string, window: LimitWindow) {
    this.#limit = limit;
    this.#field = field;
    this.#window = window;
  }

  run(sharePercent: number, defaults: LimitDefaults): CheckedWindow {
    if (typeof this.#window !== 'object' || this.#window === null)
      throw limitFault(this.#limit, this.#field, 'an object', this.#window);
    const { capacity, allowanceMs = defaults.allowanceMs } = this.#window;
    if (!isCount(capacity) || !Number.isSafeInteger(capacity * 100))
      throw this.#fault('capacity', 'a whole number from 1', capacity);
    if (!(Number.isFinite(allowanceMs) && allowanceMs >= 0))
      throw this.#fault('allowanceMs', 'a time from 0', allowanceMs);
    const policy = this.#policy();
    const windowMs = this.#windowMs(policy);
    const ours = Math.floor((capacity * sharePercent) / 100);
    if (ours === 0) throw this.#fault('capacity', `one of which ${sharePercent} % is at least 1`, capacity);
    const options = { capacity: ours, windowMs, allowanceMs };
    const byLane = this.#ceilings(ours).map((ceiling) => ({ ...options, ceiling }));
    return { policy, byLane, othersShare: capacity - ours };
  }

  #policy(): LimitPolicy {
    const { policy = 'sliding-window' } = this.#window;
    if (typeof policy === 'object' && typeof policy?.createMeter === 'function') return policy;
    const known =
      typeof policy === 'string' && Object.hasOwn(policies, policy) ? policies[policy] : undefined;
    if (known !== undefined) return known;
    throw this.#fault('policy', `one of ${Object.keys(policies).join(', ')}, or an object`, policy);
  }

  #windowMs({ name, hasWindow = true }: LimitPolicy): number {
    const { windowMs } = this.#window;
    if (!hasWindow) {
      if (windowMs === undefined) return 0;
      throw this.#fault('windowMs', `none, as ${name} has no window`, windowMs);
    }
    if (typeof windowMs === 'number' && Number.isFinite(windowMs) && windowMs > 0) return windowMs;
    throw this.#fault('windowMs', 'a time above 0', windowMs);
  }

  /** What each lane may use: the capacity without the reserves of the lanes above it. */
  #ceilings(capacity: number): readonly number[] {
    const reserved: Readonly<Record<string, unknown>> = this.#window.reserved ?? {};
    const reserving: readonly string[] = lanes.slice(0, -1);
    const stranger = Object.keys(reserved).find((lane) => !reserving.includes(lane));
    if (stranger !== undefined)
      throw this.#fault(`reserved.${stranger}`, `a lane of ${reserving.join(', ')}`, stranger);
    let left = capacity;
    return lanes.map((lane: Lane) => {
      const ceiling = left;
      const own = reserved[lane];
      if (own !== undefined && !isCount(own))
        throw this.#fault(`reserved.${lane}`, 'a whole number from 1', own);
      left -= own ?? 0;
      if (left < 1) throw this.#fault(`reserved.${lane}`, `less than the ${capacity} there are`, own);
      return ceiling;
    });
  }

  #fault(field: string, expected: string, got: unknown): LimitError {
    return limitFault(this.#limit, `${this.#field}.${field}`, expected, got);
  }
}
