import { libraryBuild } from '@venuekit/tooling-tsdown';
import type { UserConfig } from 'tsdown';

const config: UserConfig = libraryBuild({
  entry: ['src/index.ts', 'src/chaos/index.ts', 'src/simulation/index.ts'],
});
export default config;
