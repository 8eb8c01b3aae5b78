import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'tooling/checks', 'examples'],
    // Most tests wait for sockets and processes: more workers than one use the two cores that every machine has.
    maxWorkers: 3,
    reporters: ['default', './tooling/vitest/closing-line.ts'],
  },
});
export default config;
