import {
  type Emission,
  type OrderEvidence,
  type OrderStatus,
  type OrderTransition,
  orderEvidence,
  orderTransitions,
  venueErrorCodes,
} from '@venuekit/connector-core';
import { table } from './markdown-table.ts';

/** Tables that documents take from the sources, by the name of their block. */
export const contractTables: Readonly<Record<string, () => string>> = {
  'error-codes': () =>
    table(
      ['Code', 'When', 'What to do'],
      Object.entries(venueErrorCodes).map(([code, { meaning, remedy }]) => [`\`${code}\``, meaning, remedy]),
    ),
  'order-evidence': () =>
    table(
      ['Evidence', 'What it says'],
      Object.entries(orderEvidence).map(([evidence, meaning]) => [`\`${evidence}\``, meaning]),
    ),
  'order-transitions': () => statuses.map(statusSection).join('\n\n'),
};

const evidenceKinds = Object.keys(orderEvidence) as readonly OrderEvidence[];
const statuses = Object.keys(orderTransitions) as readonly OrderStatus[];

/** What evidence does to an order of one status: a table of what changes or is told, and two lists of the rest. */
function statusSection(status: OrderStatus): string {
  const cells = evidenceKinds.map((evidence) => [evidence, orderTransitions[status][evidence]] as const);
  const telling = cells.flatMap(([evidence, cell]) =>
    isQuiet(status, cell) ? [] : tellingRow(evidence, cell),
  );
  const quiet = cells.filter(([, cell]) => isQuiet(status, cell)).map(([evidence]) => `\`${evidence}\``);
  const anomalies = new Map<string, string[]>();
  for (const [evidence, cell] of cells) {
    if (cell.outcome === 'anomaly')
      anomalies.set(cell.why, [...(anomalies.get(cell.why) ?? []), `\`${evidence}\``]);
  }
  const parts = [`### \`${status}\``];
  if (telling.length > 0) parts.push(table(['Evidence', 'Goes to', 'Tells'], telling));
  if (quiet.length > 0) parts.push(`Changes nothing: ${quiet.join(', ')}.`);
  if (anomalies.size > 0) {
    const lines = [...anomalies].map(([why, evidence]) => `- ${evidence.join(', ')}: ${why}`);
    parts.push(['Cannot happen, and is told as `order-anomaly`:', '', ...lines].join('\n'));
  }
  return parts.join('\n\n');
}

function isQuiet(status: OrderStatus, cell: OrderTransition): boolean {
  return cell.outcome === 'applies' && cell.to === status && cell.emits.length === 0;
}

function tellingRow(evidence: OrderEvidence, cell: OrderTransition): readonly (readonly string[])[] {
  if (cell.outcome === 'anomaly') return [];
  const to = cell.to === 'by-amount' ? '`partially-filled` or `filled`, by its amount' : `\`${cell.to}\``;
  const emits = cell.emits.map((emission) => told(cell.to, emission));
  return [[`\`${evidence}\``, to, emits.join(', ') || 'nothing']];
}

function told(to: OrderStatus | 'by-amount', { kind, ifFilled }: Emission): string {
  if (ifFilled) return `\`${kind}\` if more is filled`;
  return to === 'by-amount' && kind === 'order-filled' ? `\`${kind}\` if all is filled` : `\`${kind}\``;
}
