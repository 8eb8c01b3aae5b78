import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, LogLevel, type TypeDocOptions } from 'typedoc';

const root = fileURLToPath(new URL('../../', import.meta.url));
const sourceCondition = '@venuekit/source';

/** Steps of the types that find a venue by its name; what comes out of them is documented where it is used. */
const stepsBetweenTypes: readonly string[] = [
  ...['CandlesFactoryOf', 'FirstArgument', 'InnerOptions', 'NameOf', 'Named', 'OrderRequests', 'Result'],
  ...['SecondArgument', 'SpotFactoryOf', 'SuffixOf', 'WithCandles', 'WithSpot', 'Wrapped', 'Wraps'],
];

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const common: Partial<TypeDocOptions> = {
  logLevel: LogLevel.Warn,
  readme: 'none',
  disableSources: true,
  excludePrivate: true,
  excludeInternal: true,
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  requiredToBeDocumented: ['Class', 'Enum', 'Function', 'Interface', 'TypeAlias', 'Variable'],
  validation: { notExported: true, invalidLink: true, notDocumented: true },
};

/** Entries of the package in `folder`, by the same condition under which the workspace reads its sources. */
function entriesOf({ exports }: Manifest, folder: string): readonly string[] {
  const sources = Object.values(exports).map((target) =>
    typeof target === 'string' ? undefined : target[sourceCondition],
  );
  return sources.filter((source) => source !== undefined).map((source) => join(folder, source));
}

/** Reads one package from its sources into a JSON file; false if anything is undocumented or does not resolve. */
async function convert(folder: string, json: string): Promise<boolean> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const app = await Application.bootstrap({
    ...common,
    name: manifest.name,
    readme: join(folder, 'README.md'),
    entryPoints: [...entriesOf(manifest, folder)],
    tsconfig: join(folder, 'tsconfig.json'),
    exclude: ['**/*.test.ts'],
    intentionallyNotExported: manifest.name === '@venuekit/connector-core' ? [...stepsBetweenTypes] : [],
    // Links of a README are checked with all other Markdown, by tooling/checks.
    validation: { notExported: true, invalidLink: true, notDocumented: true, invalidPath: false },
  });
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  await app.generateJson(project, json);
  return !failed(app);
}

/** Joins the packages into one site. */
async function merge(folder: string, out: string): Promise<boolean> {
  const app = await Application.bootstrap({
    ...common,
    name: 'venuekit',
    entryPointStrategy: 'merge',
    entryPoints: [join(folder, '*.json')],
    out,
  });
  const project = await app.convert();
  if (project === undefined) return false;
  await app.generateDocs(project, out);
  return !failed(app);
}

function failed({ logger }: Application): boolean {
  return logger.hasErrors() || logger.hasWarnings();
}

const scratch = mkdtempSync(join(tmpdir(), 'venuekit-docs-'));
try {
  let good = true;
  for (const name of process.argv.length > 2
    ? process.argv.slice(2)
    : readdirSync(join(root, 'packages')).sort()) {
    const documented = await convert(join(root, 'packages', name), join(scratch, `${name}.json`));
    console.log(`${documented ? 'ok  ' : 'FAIL'} ${name}`);
    good = good && documented;
  }
  good = (await merge(scratch, join(root, 'docs/api'))) && good;
  console.log(good ? 'docs/api/index.html' : 'FAIL the site is incomplete');
  if (!good) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true });
}
