import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultAscendexOptions, describeFaults } from '@venuekit/exchange-simulator';
import { table } from './markdown-table.ts';

type EvidenceRow = readonly [name: string, evidence: string, differences: string];

/** The catalogue is data of the simulator's tests, which no package exports. */
const evidenceFile = new URL(
  '../../packages/exchange-simulator/test/evidence/evidence-rows.ts',
  import.meta.url,
).href;
const { evidenceRows } = (await import(evidenceFile)) as { evidenceRows(): readonly EvidenceRow[] };

/** Tables of the simulator, by the name of their block. */
export const simulatorTables: Readonly<Record<string, () => string>> = {
  'fault-kinds': () =>
    table(
      ['Kind', 'Takes', 'What happens', 'Faults'],
      describeFaults().map(({ kind, parts, what, makes }) => [
        `\`${kind}\``,
        parts.map((part) => `\`${part}\``).join(' '),
        what,
        makes.join(' '),
      ]),
    ),
  'ascendex-evidence': () => table(['Message or endpoint', 'Evidence', 'Differences'], evidenceRows()),
  'ascendex-options': () =>
    table(
      ['Option', 'Values', 'Default', 'Meaning'],
      optionRows().map(({ name, type, meaning }) => [
        `\`${name}\``,
        type.split(' | ').map(quoted).join(', '),
        quoted(
          JSON.stringify(defaultAscendexOptions[name as keyof typeof defaultAscendexOptions]) ?? 'undefined',
        ),
        meaning,
      ]),
    ),
};

const optionsFile = fileURLToPath(
  new URL('../../packages/exchange-simulator/src/dialect/ascendex/ascendex-options.ts', import.meta.url),
);

interface OptionRow {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
}

/** Options with their comments. Limits have a table of their own in the page's text. */
function optionRows(): readonly OptionRow[] {
  const text = readFileSync(optionsFile, 'utf8');
  const [body = ''] = /export interface AscendexOptions \{[\s\S]*?\n\}/.exec(text) ?? [];
  const rows = [...body.matchAll(/\/\*\* (.+?) \*\/\n {2}readonly (\w+): ([^;]+);/g)];
  return rows
    .map(([, meaning = '', name = '', type = '']) => ({ name, type: type.replaceAll("'", '"'), meaning }))
    .filter(({ name }) => name !== 'limits');
}

function quoted(text: string): string {
  return `\`${text.trim()}\``;
}
