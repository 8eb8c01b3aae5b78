import { packageProject } from '@venuekit/tooling-vitest';
import type { UserWorkspaceConfig } from 'vitest/config';

const project: UserWorkspaceConfig = packageProject('soak', ['*.test.ts']);
export default project;
