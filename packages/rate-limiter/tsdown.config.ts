import { libraryBuild } from '@venuekit/tooling-tsdown';
import type { UserConfig } from 'tsdown';

const config: UserConfig = libraryBuild({
  entry: ['src/index.ts', 'src/redis/index.ts'],
  platform: 'neutral',
});
export default config;
