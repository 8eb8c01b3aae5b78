import { type Workload, workloads } from '../depth/workloads.ts';

/** About 200 bytes a message, on a book of 500 levels a side. */
export const workload: Workload = workloads[0] ?? { name: '', levelsPerSide: 0, levelsPerMessage: 0 };
