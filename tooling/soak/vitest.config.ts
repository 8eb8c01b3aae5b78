import { fileURLToPath } from 'node:url';
import { packageProject } from '@venuekit/tooling-vitest';
import type { UserWorkspaceConfig } from 'vitest/config';

const project: UserWorkspaceConfig = packageProject('soak', ['*.test.ts']);
if (project.test !== undefined) {
  // Processes are waited for, however busy the machine is: the bound is for what never ends.
  project.test.testTimeout = 300_000;
  // Most of what these tests do is to start workers, and most of that is to compile the same files. An entry that does not fit
  // the text of its file any more is not taken.
  const cache = fileURLToPath(new URL('node_modules/.cache/compiled', import.meta.url));
  project.test.env = { ...project.test.env, NODE_COMPILE_CACHE: cache };
}
export default project;
