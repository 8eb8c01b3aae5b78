import { libraryBuild } from '@venuekit/tooling-tsdown';
import type { UserConfig } from 'tsdown';

const config: UserConfig = libraryBuild({
  entry: [
    'src/index.ts',
    ...[
      'book',
      'candles',
      'connector',
      'feed',
      'http',
      'limits',
      'market-data',
      'orders',
      'recording',
      'runtime',
      'stream',
      'testing',
    ].map((part) => `src/${part}/index.ts`),
  ],
});
export default config;
