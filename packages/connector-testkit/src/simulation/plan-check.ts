import { VenueError } from '@venuekit/connector-core';
import type { PlanVocabulary, Simulation, SimulationPlan } from './simulation.ts';

/**
 * Refuses what is no plan.
 * @param where what is looked at, for the message.
 * @param simulation whose plan it is: how long it may be, and what it may have.
 * @throws VenueError `invalid-options` naming the field, what was expected and what was got.
 */
export function checkPlan(
  value: unknown,
  where: string,
  simulation: Pick<Simulation, 'forMs' | 'vocabulary'> = { forMs: Infinity },
): SimulationPlan {
  const plan = fieldsOf(value, where, ['actions', 'faults', 'switches']);
  const { forMs, vocabulary } = simulation;
  for (const part of ['actions', 'faults'] as const) {
    const steps = plan[part];
    if (!Array.isArray(steps)) throw planRefusal(`${where}.${part}`, 'a list of steps', steps);
    for (const [index, step] of steps.entries()) {
      checkStep(step, `${where}.${part}[${index}]`, forMs);
      if (vocabulary !== undefined) checkKind(step.kind, `${where}.${part}[${index}]`, vocabulary[part]);
    }
  }
  const switches = fieldsOf(plan.switches, `${where}.switches`);
  for (const [name, setting] of Object.entries(switches)) {
    if (typeof setting !== 'string') throw planRefusal(`${where}.switches.${name}`, 'a text', setting);
    if (vocabulary !== undefined) checkSwitch(name, setting, `${where}.switches`, vocabulary.switches);
  }
  return value as SimulationPlan;
}

function checkStep(value: unknown, where: string, forMs: number): void {
  const { atMs, kind, with: details = {} } = fieldsOf(value, where, ['atMs', 'kind', 'with']);
  if (typeof atMs !== 'number' || !(atMs >= 0 && atMs <= forMs && atMs < Infinity)) {
    throw planRefusal(`${where}.atMs`, `a time from 0 to ${forMs} ms`, atMs);
  }
  if (typeof kind !== 'string' || kind === '') throw planRefusal(`${where}.kind`, 'a name', kind);
  for (const [name, detail] of Object.entries(fieldsOf(details, `${where}.with`))) {
    if (!['string', 'number', 'boolean'].includes(typeof detail)) {
      throw planRefusal(`${where}.with.${name}`, 'a text, a number, true or false', detail);
    }
  }
}

function checkKind(kind: string, where: string, known: readonly string[]): void {
  if (!known.includes(kind)) throw planRefusal(`${where}.kind`, `one of ${known.join(', ')}`, kind);
}

function checkSwitch(name: string, setting: string, where: string, known: PlanVocabulary['switches']): void {
  const settings = Object.hasOwn(known, name) ? known[name] : undefined;
  if (settings === undefined) throw planRefusal(where, `the switches ${Object.keys(known).join(', ')}`, name);
  if (!settings.includes(setting)) {
    throw planRefusal(`${where}.${name}`, `one of ${settings.join(', ')}`, setting);
  }
}

/** The fields of an object; with `known`, no others are allowed. */
export function fieldsOf(
  value: unknown,
  where: string,
  known?: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw planRefusal(where, 'an object', value);
  }
  const unknown = Object.keys(value).find((name) => known !== undefined && !known.includes(name));
  if (unknown !== undefined) throw planRefusal(where, `the fields ${known?.join(', ')}`, unknown);
  return value as Readonly<Record<string, unknown>>;
}

/** What is wrong with a field. */
export function planRefusal(where: string, expected: string, got: unknown): VenueError {
  const shown = typeof got === 'number' ? String(got) : (JSON.stringify(got) ?? 'nothing');
  const message = `${where}: expected ${expected}, got ${shown.slice(0, 100)}`;
  return new VenueError({ code: 'invalid-options', operation: 'simulation', message });
}
