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
      ['Kind', 'Takes', 'What happens'],
      describeFaults().map(({ kind, parts, what }) => [
        `\`${kind}\``,
        parts.map((part) => `\`${part}\``).join(' '),
        what,
      ]),
    ),
  'ascendex-evidence': () => table(['Message or endpoint', 'Evidence', 'Differences'], evidenceRows()),
  'ascendex-options': () =>
    table(
      ['Option', 'Values', 'Default', 'Meaning'],
      optionRows('ascendex-options.ts', 'AscendexOptions').map(({ name, type, meaning }) => [
        `\`${name}\``,
        type.split(' | ').map(quoted).join(', '),
        quoted(
          JSON.stringify(defaultAscendexOptions[name as keyof typeof defaultAscendexOptions]) ?? 'undefined',
        ),
        meaning,
      ]),
    ),
  'ascendex-limits': () =>
    table(
      ['Limit', 'Default', 'Meaning'],
      optionRows('limit-options.ts', 'AscendexLimits').map(({ name, meaning }) => [
        `\`${name}\``,
        quoted(
          JSON.stringify(defaultAscendexOptions.limits[name as keyof AscendexLimits]).replaceAll(',', ', '),
        ),
        meaning,
      ]),
    ),
};

type AscendexLimits = typeof defaultAscendexOptions.limits;

interface OptionRow {
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
}

/** The properties of an interface of the AscendEX dialect, with their comments. Limits have a table of their own. */
function optionRows(file: string, interfaceName: string): readonly OptionRow[] {
  const folder = '../../packages/exchange-simulator/src/dialect/ascendex/';
  const text = readFileSync(fileURLToPath(new URL(folder + file, import.meta.url)), 'utf8');
  const [body = ''] =
    new RegExp(`export interface ${interfaceName} [^{]*\\{[\\s\\S]*?\\n\\}`).exec(text) ?? [];
  const rows = [...body.matchAll(/\/\*\* (.+?) \*\/\n {2}readonly (\w+): ([^;]+);/g)];
  return rows
    .map(([, meaning = '', name = '', type = '']) => ({ name, type: type.replaceAll("'", '"'), meaning }))
    .filter(({ name }) => name !== 'limits');
}

function quoted(text: string): string {
  return `\`${text.trim()}\``;
}
