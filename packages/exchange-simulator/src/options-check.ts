import { VenueError } from '@venuekit/connector-core';
import { checkFault, type Fault } from './faults/fault.ts';
import { type Fields, type Refuse, requireFields, requireKnown, requireMethods } from './known-fields.ts';
import { checkMarket } from './market-check.ts';
import { nearestNames } from './nearest-names.ts';
import { shownBeside, shownValue } from './shown-value.ts';
import type { ListeningOptions, RecordOptions, SimulatorOptions } from './simulator-options.ts';
import { checkFees, checkUsers } from './users/user-check.ts';

const optionNames = Object.keys({
  ...{ market: true, dialect: true, users: true, fees: true, faults: true },
  ...{ runtime: true, truth: true, record: true },
} satisfies Record<keyof SimulatorOptions, true>);

const listeningNames = Object.keys({ host: true, port: true, adminPort: true } satisfies Record<
  Exclude<keyof ListeningOptions, keyof SimulatorOptions>,
  true
>);

/**
 * Checks what types cannot, for `operation`.
 * @throws VenueError `invalid-options` naming the option, what was expected and what was found.
 */
export function checkOptions(options: SimulatorOptions, operation: string): void {
  const refuse = refusalOf(operation);
  const fields = requireFields('options', options, refuse);
  const known = operation === 'startExchangeSimulator' ? [...optionNames, ...listeningNames] : optionNames;
  requireKnown('options', fields, known, refuse);
  const assets = checkMarket(fields.market, refuse);
  checkParts(fields, refuse);
  if (fields.users !== undefined) checkUsers(fields.users, assets);
  if (fields.fees !== undefined) checkFees('fees', fields.fees);
  for (const fault of faultsOf(fields, refuse)) checkFault(fault);
}

/** What somebody brings along. */
function checkParts({ dialect, runtime, truth, record }: Fields, refuse: Refuse): void {
  if (dialect !== undefined) requireMethods('dialect', dialect, ['nameUser', 'open'], refuse);
  if (runtime !== undefined) checkRuntime(runtime, refuse);
  if (truth !== undefined && typeof truth !== 'function')
    throw refuse(`truth: expected a function, got ${shownValue(truth)}`);
  if (record !== undefined) checkRecord(record, refuse);
}

/** Whatever has the method will do, and may have more, as a file has: only what is nearly `private` is a slip of the pen. */
function checkRecord(record: unknown, refuse: Refuse): void {
  const fields = requireFields('record', record, refuse);
  requireMethods('record', record, ['write'], refuse);
  const known = 'private' satisfies keyof RecordOptions;
  const alike = Object.keys(fields).filter((name) => nearestNames(name, [known]).length > 0);
  requireKnown('record', Object.fromEntries(alike.map((name) => [name, true])), [known], refuse);
  const isPrivate = fields[known];
  if (isPrivate !== undefined && typeof isPrivate !== 'boolean')
    throw refuse(`record.private: expected true or false, got ${shownBeside(isPrivate, 'boolean')}`);
}

function checkRuntime(runtime: unknown, refuse: Refuse): void {
  const { clock, timers, random } = requireFields('runtime', runtime, refuse);
  requireMethods('runtime.clock', clock, ['now', 'monotonic'], refuse);
  requireMethods('runtime.timers', timers, ['setTimer'], refuse);
  requireMethods('runtime.random', random, ['next'], refuse);
}

function faultsOf({ faults = [] }: Fields, refuse: Refuse): readonly Fault[] {
  if (Array.isArray(faults)) return faults as readonly Fault[];
  throw refuse(`faults: expected a list, got ${shownValue(faults)}`);
}

/**
 * Checks where to listen.
 * @throws VenueError `invalid-options` for a host or a port that cannot be.
 */
export function checkListening({ host = '127.0.0.1', port = 0, adminPort = 0 }: ListeningOptions): void {
  const refuse = refusalOf('startExchangeSimulator');
  if (typeof host !== 'string' || host === '')
    throw refuse(`host: expected an address as text, got ${shownBeside(host, 'text')}`);
  for (const [name, value] of Object.entries({ port, adminPort })) {
    if (Number.isInteger(value) && value >= 0 && value <= 65_535) continue;
    const got = shownBeside(value, 'number');
    throw refuse(`expected ${name} to be a whole number from 0 to 65535, got ${got}`);
  }
}

function refusalOf(operation: string): Refuse {
  return (message) => new VenueError({ code: 'invalid-options', operation, message });
}
