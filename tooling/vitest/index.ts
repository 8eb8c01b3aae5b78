import { fileURLToPath } from 'node:url';
import { defineProject, type UserWorkspaceConfig } from 'vitest/config';

/** The custom export condition under which packages resolve to their sources. */
export const sourceCondition = '@venuekit/source';

/** The test project of one package: sources across packages, no retries, one way to start children, no credentials in the output. */
export function packageProject(
  name: string,
  include: readonly string[] = ['src/**/*.test.ts', 'test/**/*.test.ts'],
): UserWorkspaceConfig {
  return defineProject({
    ssr: { resolve: { conditions: [sourceCondition, 'module', 'node', 'development|production'] } },
    test: {
      name,
      include: [...include],
      setupFiles: [
        // A test that lets the credentials of the tests out fails.
        'secret-canary-setup.ts',
        'property-seed-setup.ts',
      ].map((file) => fileURLToPath(new URL(file, import.meta.url))),
      env: { NODE_OPTIONS: `--conditions=${sourceCondition}` },
      // Most tests wait for sockets and processes, so more workers than cores keep the two cores busy.
      maxWorkers: 3,
      retry: 0,
      testTimeout: 30_000,
      hookTimeout: 30_000,
    },
  });
}
