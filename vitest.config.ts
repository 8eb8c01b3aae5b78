import { defineConfig, type ViteUserConfig } from 'vitest/config';

const config: ViteUserConfig = defineConfig({
  test: {
    projects: [
      'packages/*',
      'apps/*',
      'tooling/checks',
      'tooling/launcher',
      'tooling/soak',
      'tooling/docs',
      'examples',
    ],
    reporters: ['default', './tooling/vitest/closing-line.ts'],
  },
});
export default config;
