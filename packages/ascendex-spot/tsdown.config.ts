import { libraryBuild } from '@venuekit/tooling-tsdown';
import type { UserConfig } from 'tsdown';

const config: UserConfig = libraryBuild();
export default config;
