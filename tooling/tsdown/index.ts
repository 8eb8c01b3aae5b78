import type { UserConfig } from 'tsdown';

/** How a library of this repository is built. */
export interface LibraryBuildOptions {
  /** Entry files; one per subpath of the package. */
  readonly entry?: readonly string[];
  /** `neutral` for packages that load no `node:` module. */
  readonly platform?: 'node' | 'neutral';
}

/** ESM with declarations and maps, for the oldest supported Node. */
export function libraryBuild({
  entry = ['src/index.ts'],
  platform = 'node',
}: LibraryBuildOptions = {}): UserConfig {
  return {
    entry: [...entry],
    format: 'esm',
    platform,
    target: 'node22',
    dts: { sourcemap: true },
    sourcemap: true,
    clean: true,
    fixedExtension: false,
  };
}
