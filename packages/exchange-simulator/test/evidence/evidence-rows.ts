import {
  anywhere,
  clientEntries,
  endpoints,
  quietEntries,
  refusalForms,
  streamEntries,
} from './catalogue.ts';
import type { Difference, Entry } from './entry.ts';
import type { Field, Fields, FieldType } from './field-types.ts';

/** What each field of an entry rests on, fields within fields among them. */
export function evidenceOf(fields: Fields): readonly (readonly string[])[] {
  return fieldsOf(fields, '').map(([, { evidence }]) => evidence);
}

/** All fields with their paths, fields within fields among them. */
export function fieldsOf(fields: Fields, path: string): readonly (readonly [path: string, field: Field])[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const inner = `${path}.${name}`;
    return [[inner, field] as const, ...within(field.type, inner)];
  });
}

function within(type: FieldType, path: string): ReturnType<typeof fieldsOf> {
  switch (type.kind) {
    case 'object':
      return fieldsOf(type.fields, path);
    case 'list':
    case 'pair':
      return within(type.of, `${path}[]`);
    case 'either':
      return type.types.flatMap((one) => within(one, path));
    default:
      return [];
  }
}

/** Rows of a table: message or endpoint, its evidence, and its differences with their reasons. */
export function evidenceRows(): readonly (readonly [name: string, evidence: string, differences: string])[] {
  return [
    ...streamEntries.map((entry) => rowOf(`\`${entry.name}\``, [], [entry])),
    ...clientEntries.map((entry) => rowOf(`client: \`${entry.name}\``, [], [entry])),
    ...quietEntries.map(({ name, answer, evidence }) =>
      rowOf(`client: \`${name}\`, answered by \`${answer}\``, evidence, []),
    ),
    ...endpoints.map(({ method, path, evidence, forms, differences = [] }) =>
      rowOf(`${method} \`${path.replace('~', '{group}')}\``, evidence, forms, differences),
    ),
    ...[...Object.values(refusalForms), ...anywhere].map((entry) =>
      rowOf(`REST: ${entry.name}`, [], [entry]),
    ),
  ];
}

function rowOf(
  name: string,
  own: readonly string[],
  entries: readonly Entry[],
  more: readonly Difference[] = [],
): readonly [string, string, string] {
  const cited = [...own, ...entries.flatMap(({ fields }) => evidenceOf(fields)).flat()];
  const differences = [...more, ...entries.flatMap((entry) => entry.differences ?? [])];
  const shown = new Set(differences.map(({ from, what, why }) => `${what} (${from}): ${why}`));
  return [name, summaryOf(cited), [...shown].join('; ')];
}

/** Each source once, with the sections or clients of it. */
function summaryOf(cited: readonly string[]): string {
  const texts = new Set<string>();
  const bySource = new Map<string, Set<string>>();
  for (const evidence of cited) {
    const [, source = '', what = ''] = /^(documents|worked example|client|choice) (.+)$/.exec(evidence) ?? [];
    if (source === '') texts.add(evidence);
    else bySource.set(source, (bySource.get(source) ?? new Set()).add(nameOf(source, what)));
  }
  const recorded = texts.delete('recorded') ? ['recorded'] : [];
  const grouped = [...bySource].map(([source, names]) => {
    const shown = [...names].filter((name) => name !== '').sort(inOrder);
    return `${source} ${shown.join(', ')}`.trim();
  });
  return [...recorded, ...grouped, ...texts].join('; ');
}

function nameOf(source: string, what: string): string {
  if (source === 'choice') return `\`${what}\``;
  // Items of the list are of no use in a table.
  if (source === 'client') return what.replace(/ [\d.]+$/, '');
  return what
    .replace(/^list \d+$/, '')
    .replace(/^ready \d+$/, 'on Ready-Ack')
    .replace(/^realtime \d+$/, 'on realtime depth');
}

function inOrder(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
