import { VenueError } from '@venuekit/connector-core';

/**
 * What can go wrong.
 *
 * - `drop`: every connection is cut.
 * - `gap`: of every symbol, one depth message is left out.
 * - `duplicate`: of every symbol, one depth message is sent twice.
 * - `reorder`: of every symbol, one depth message changes places with the next one.
 * - `malformed`: of every symbol, one depth message is cut in half and is no longer JSON.
 * - `silence`: nothing is sent on any connection; they stay open.
 * - `slow-snapshot`: from then on, books are given late.
 * - `refuse`: new connections are refused with HTTP 503.
 */
export type FaultKind =
  | 'drop'
  | 'gap'
  | 'duplicate'
  | 'reorder'
  | 'malformed'
  | 'silence'
  | 'slow-snapshot'
  | 'refuse';

/** A fault and its time. */
export interface Fault {
  readonly kind: FaultKind;
  /** Recorded time since the first depth subscription of a replay; seconds since the first one of a client otherwise. */
  readonly atSeconds: number;
  /** How long it lasts, or how late a book is given. Only for `silence`, `slow-snapshot` and `refuse`. */
  readonly durationSeconds?: number;
}

/** Every {@link FaultKind}. */
export const faultKinds: readonly FaultKind[] = [
  'drop',
  'gap',
  'duplicate',
  'reorder',
  'malformed',
  'silence',
  'slow-snapshot',
  'refuse',
];

const lasting: ReadonlySet<FaultKind> = new Set<FaultKind>(['silence', 'slow-snapshot', 'refuse']);
const faultText = /^([a-z-]+)@(\d+(?:\.\d+)?)(?:\+(\d+(?:\.\d+)?))?$/;

/**
 * Reads a fault written as `KIND@SECONDS` or `KIND@SECONDS+SECONDS`, for example `drop@3` or `silence@5+10`.
 * @throws VenueError `invalid-options` for anything else.
 */
export function parseFault(text: string): Fault {
  const [, kind = '', at = '', duration] = faultText.exec(text) ?? [];
  if (kind === '')
    throw refusal(`expected KIND@SECONDS or KIND@SECONDS+SECONDS such as drop@3, got "${text}"`);
  const fault = { kind: kind as FaultKind, atSeconds: Number(at) };
  return checkFault(duration === undefined ? fault : { ...fault, durationSeconds: Number(duration) });
}

/**
 * The same fault, if it makes sense.
 * @throws VenueError `invalid-options` for an unknown kind, a time that is not a number from zero up, or a duration that the kind
 * does not have.
 */
export function checkFault(fault: Fault): Fault {
  const { kind, atSeconds, durationSeconds } = fault;
  if (!faultKinds.includes(kind)) throw refusal(`expected one of ${faultKinds.join(', ')}, got "${kind}"`);
  if (!isDuration(atSeconds)) throw refusal(`${kind}: expected atSeconds from 0 up, got ${atSeconds}`);
  if (durationSeconds === undefined) return fault;
  if (!lasting.has(kind)) {
    throw refusal(
      `${kind}: expected no duration, got ${durationSeconds}; only ${[...lasting].join(', ')} last`,
    );
  }
  if (!isDuration(durationSeconds))
    throw refusal(`${kind}: expected durationSeconds from 0 up, got ${durationSeconds}`);
  return fault;
}

function isDuration(value: number): boolean {
  return Number.isFinite(value) && value >= 0;
}

function refusal(message: string): VenueError {
  return new VenueError({ code: 'invalid-options', operation: 'fault', message });
}
