import { packageProject } from '@venuekit/tooling-vitest';
import type { UserWorkspaceConfig } from 'vitest/config';

const project: UserWorkspaceConfig = packageProject('launcher', ['*.test.ts', 'test/**/*.test.ts']);
export default project;
