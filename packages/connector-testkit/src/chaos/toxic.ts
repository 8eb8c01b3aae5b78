import { VenueError } from '@venuekit/connector-core';

/** Which way bytes travel: from the client to the server, or back. */
export type ToxicDirection = 'to-server' | 'to-client';

/**
 * Something that is wrong with a connection. Without `direction` it acts both ways, each way by itself. All numbers are whole,
 * up to 2147483647.
 *
 * - `latency`: what is sent arrives `latencyMs` later, give or take up to `jitterMs`. The ends of a connection travel with the
 *   bytes. Order is kept, so that a short delay may wait for a long one. About 256 KiB are on their way at most, as with the
 *   window of a slow line.
 * - `bandwidth`: not more than `bytesPerSecond` arrive, in steps of about 50 ms.
 * - `slicer`: bytes are handed over in pieces of `sliceBytes`, give or take up to `jitterBytes` and never less than one, with
 *   `delayMs` between two (0 if left out). Where it cuts depends on the seed, not on how the bytes came. Without a delay, the
 *   receiving system may join pieces again.
 * - `limit`: after `bytes` bytes, counted per connection and direction from when the toxic came, the connection is reset, is
 *   ended, or carries nothing more that way. With 0 it dies as soon as it is accepted. A reset, here as everywhere, discards what
 *   the sending system still holds: behind a reader that does not read, or many tiny pieces, fewer bytes arrive.
 * - `hang`: nothing is delivered, not even the end of the connection. Bytes wait and are delivered once the toxic is gone.
 * - `slow-close`: the end of a connection is told `delayMs` later, after the bytes before it.
 */
export type Toxic =
  | {
      readonly kind: 'latency';
      readonly latencyMs: number;
      readonly jitterMs?: number;
      readonly direction?: ToxicDirection;
    }
  | { readonly kind: 'bandwidth'; readonly bytesPerSecond: number; readonly direction?: ToxicDirection }
  | {
      readonly kind: 'slicer';
      readonly sliceBytes: number;
      readonly jitterBytes?: number;
      readonly delayMs?: number;
      readonly direction?: ToxicDirection;
    }
  | {
      readonly kind: 'limit';
      readonly bytes: number;
      readonly ending: 'reset' | 'end' | 'hang';
      readonly direction?: ToxicDirection;
    }
  | { readonly kind: 'hang'; readonly direction?: ToxicDirection }
  | { readonly kind: 'slow-close'; readonly delayMs: number };

/** A toxic that was added. Its number is its place among all that were ever added to the proxy, from 1. */
export interface AddedToxic {
  readonly number: number;
  readonly toxic: Toxic;
}

/** The lowest value of a number, and whether it may be left out. */
interface NumberRule {
  readonly least: 0 | 1;
  readonly optional?: true;
}

const numberRules: Readonly<Record<Toxic['kind'], Readonly<Record<string, NumberRule>>>> = {
  latency: { latencyMs: { least: 0 }, jitterMs: { least: 0, optional: true } },
  bandwidth: { bytesPerSecond: { least: 1 } },
  slicer: {
    sliceBytes: { least: 1 },
    jitterBytes: { least: 0, optional: true },
    delayMs: { least: 0, optional: true },
  },
  limit: { bytes: { least: 0 } },
  hang: {},
  'slow-close': { delayMs: { least: 0 } },
};

/** The highest number in a toxic: what a timer can wait for. */
const highest = 2_147_483_647;
const directions: readonly unknown[] = ['to-server', 'to-client', undefined];
const endings: readonly unknown[] = ['reset', 'end', 'hang'];

/**
 * Refuses a toxic that makes no sense.
 * @throws VenueError `invalid-options` naming the field, what was expected and what was got.
 */
export function checkToxic(toxic: Toxic): void {
  const fields: Partial<Record<'kind' | 'direction', unknown>> & Readonly<Record<string, unknown>> = {
    ...toxic,
  };
  if (!Object.hasOwn(numberRules, String(fields.kind))) {
    throw refusal('kind', `one of ${Object.keys(numberRules).join(', ')}`, fields.kind);
  }
  for (const [name, rule] of Object.entries(numberRules[toxic.kind])) {
    checkNumber(`${toxic.kind}.${name}`, fields[name], rule);
  }
  if (!directions.includes(fields.direction)) {
    throw refusal(`${toxic.kind}.direction`, 'to-server, to-client or nothing', fields.direction);
  }
  if (toxic.kind === 'slow-close' && fields.direction !== undefined) {
    throw refusal('slow-close.direction', 'nothing', fields.direction);
  }
  if (toxic.kind === 'limit' && !endings.includes(toxic.ending)) {
    throw refusal('limit.ending', 'reset, end or hang', toxic.ending);
  }
}

function checkNumber(field: string, value: unknown, { least, optional }: NumberRule): void {
  if (value === undefined && optional) return;
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= highest) return;
  throw refusal(field, `a whole number from ${least} to ${highest}`, value);
}

function refusal(field: string, expected: string, got: unknown): VenueError {
  return new VenueError({
    code: 'invalid-options',
    operation: 'chaos toxic',
    message: `${field}: expected ${expected}, got ${String(got)}`,
  });
}
