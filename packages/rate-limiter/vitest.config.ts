import { packageProject } from '@venuekit/tooling-vitest';
import type { UserWorkspaceConfig } from 'vitest/config';

const project: UserWorkspaceConfig = packageProject('rate-limiter');
export default project;
