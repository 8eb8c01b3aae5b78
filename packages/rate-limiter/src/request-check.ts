import { isCount, shown } from './limit-check.ts';
import { lanes } from './limit-definition.ts';
import { LimitError } from './limit-error.ts';
import { type LimitSet, requireKind } from './limit-set.ts';
import type { RequestOptions } from './rate-limiter.ts';
import type { CheckedRequest, RequestQueue } from './request-queue.ts';

const queryLane = lanes.indexOf('query');

/**
 * Looks up what a request names.
 * @throws LimitError `unknown-limit`, `invalid-request`, `too-heavy`.
 */
export function checkRequest(set: LimitSet, id: string, options: RequestOptions | undefined): CheckedRequest {
  const kind = set.kinds.get(id) ?? requireKind(set, id);
  const lane = options?.lane === undefined ? queryLane : lanes.indexOf(options.lane);
  const queue = kind.queues[lane];
  if (queue === undefined) throw invalidRequest(id, 'lane', `one of ${lanes.join(', ')}`, options?.lane);
  const weight = options?.weight;
  if (weight === undefined) {
    if (!queue.charges.usualFits) requireLightEnough(queue, queue.charges.weights);
    return queue.usual;
  }
  if (!isCount(weight)) throw invalidRequest(id, 'weight', 'a whole number from 1', weight);
  const weights = queue.charges.weightsOf(weight);
  requireLightEnough(queue, weights);
  return { queue, lane: queue.usual.lane, weight, weights };
}

/** @throws LimitError `too-heavy` if there will never be room for `weights`. */
export function requireLightEnough({ charges, kind, lane }: RequestQueue, weights: readonly number[]): void {
  const { limits, limitOf, meters } = charges;
  for (let at = 0; at < meters.length; at += 1) {
    const own = limitOf[at] as number;
    const weight = weights[own] as number;
    const capacity = meters[at]?.capacity ?? 0;
    if (weight <= capacity) continue;
    const limit = limits[own]?.id ?? kind;
    const message = `limit ${limit}: expected a weight of at most ${capacity} in lane ${lanes[lane]}, got ${weight}`;
    throw new LimitError({ code: 'too-heavy', limit, message });
  }
}

/** What is wrong with an argument. */
export function invalidRequest(
  limit: string | undefined,
  field: string,
  expected: string,
  got: unknown,
): LimitError {
  const place = limit === undefined ? '' : `${limit}, `;
  const message = `${place}${field}: expected ${expected}, got ${shown(got)}`;
  return new LimitError({
    code: 'invalid-request',
    field,
    message,
    ...(limit === undefined ? {} : { limit }),
  });
}
