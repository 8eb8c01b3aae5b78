import { VenueError } from './venue-error.ts';

/**
 * The `default` of a `switch` that means to handle every kind: one that it forgets does not compile. At run time it is reached
 * only by a kind that a newer version of the contract has.
 * @throws VenueError `contract-mismatch` naming the kind.
 */
export function unexpectedKind(value: never): never {
  const { kind = value } = Object(value) as { readonly kind?: unknown };
  throw new VenueError({
    code: 'contract-mismatch',
    message: `expected a kind that this program knows, got ${JSON.stringify(kind)}`,
  });
}
