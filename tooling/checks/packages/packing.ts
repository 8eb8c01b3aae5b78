import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Report, root } from './report.ts';

/** The manifest as it is published. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package as it would be published. */
export interface Packed {
  /** Name of its folder under `packages`. */
  readonly folderName: string;
  readonly name: string;
  readonly tarball: string;
  /** Folder with what the tarball holds. */
  readonly content: string;
  /** Paths inside the tarball. */
  readonly files: readonly string[];
  /** What a program may import: the package and its subpaths. */
  readonly entries: readonly string[];
  /** Commands that the package installs. */
  readonly commands: readonly string[];
  /** Packages of this repository that it depends on or peers with, by name. */
  readonly needs: readonly string[];
}

/**
 * Packs a package, builds it again from nothing, and packs it again: both tarballs must have the same bytes.
 * @param scratch an empty folder for this package.
 */
export async function pack(report: Report, folderName: string, scratch: string): Promise<Packed | undefined> {
  const folder = join(root, 'packages', folderName);
  const first = await packOnce(report, folderName, join(scratch, 'first'));
  if (first === undefined) return undefined;
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  if ((await report.run(`${first.name}: build`, folder, 'pnpm', 'run', 'build')) === undefined)
    return undefined;
  const second = await packOnce(report, folderName, join(scratch, 'second'));
  if (second === undefined) return undefined;
  compare(report, first, second);
  return second;
}

function compare(report: Report, first: Packed, second: Packed): void {
  const [before, after] = [digest(first.tarball), digest(second.tarball)];
  if (before === after) {
    report.note(`${first.name}: sha256 ${after}, twice`);
    return;
  }
  const paths = [...new Set([...first.files, ...second.files])];
  const changed = paths.filter((path) => content(first, path) !== content(second, path));
  const where = changed.length === 0 ? 'order or attributes of the files differ' : changed.join(', ');
  report.fail(
    `${first.name}: expected the same tarball from a second build, sha256 ${before}; got ${after}: ${where}`,
  );
}

async function packOnce(report: Report, folderName: string, scratch: string): Promise<Packed | undefined> {
  mkdirSync(scratch, { recursive: true });
  const folder = join(root, 'packages', folderName);
  const done = await report.run(`${folderName}: pack`, folder, 'pnpm', 'pack', '--pack-destination', scratch);
  const file = readdirSync(scratch).find((name) => name.endsWith('.tgz'));
  if (done === undefined || file === undefined) return undefined;
  const tarball = join(scratch, file);
  if ((await report.run(`${folderName}: unpack`, scratch, 'tar', '-xzf', tarball)) === undefined)
    return undefined;
  return describe(folderName, tarball, join(scratch, 'package'));
}

function describe(folderName: string, tarball: string, content: string): Packed {
  const manifest = JSON.parse(readFileSync(join(content, 'package.json'), 'utf8')) as Manifest;
  const { name, exports, bin = {}, dependencies, peerDependencies } = manifest;
  const subpaths = Object.keys(exports).filter((subpath) => subpath !== './package.json');
  const needs = Object.keys({ ...dependencies, ...peerDependencies });
  const found = readdirSync(content, { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return {
    folderName,
    name,
    tarball,
    content,
    files: files.map((file) => file.slice(content.length + 1)).sort(),
    entries: subpaths.map((subpath) => name + subpath.slice(1)),
    commands: Object.keys(bin),
    needs: needs.filter((need) => need.startsWith('@venuekit/')),
  };
}

/** `wanted` and every package of this repository that it needs, directly or through another. */
export function closure(packages: readonly Packed[], wanted: Packed): readonly Packed[] {
  const found = new Set([wanted]);
  for (const { needs } of found) {
    for (const packed of packages) if (needs.includes(packed.name)) found.add(packed);
  }
  return [...found];
}

function content(packed: Packed, path: string): string | undefined {
  const file = join(packed.content, path);
  return existsSync(file) ? readFileSync(file, 'latin1') : undefined;
}

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
