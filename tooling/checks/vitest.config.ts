import { packageProject } from '@venuekit/tooling-vitest';
import type { UserWorkspaceConfig } from 'vitest/config';

const project: UserWorkspaceConfig = packageProject('checks', ['*.test.ts']);
export default project;
