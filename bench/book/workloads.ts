import { workloads as streams, type Workload } from '../depth/workloads.ts';

/** What is done with a book. */
export interface BookWorkload {
  readonly name: string;
  readonly stream: Workload;
  /** What is read after each message: the best prices, or ten levels a side. */
  readonly reads: 'best' | 'top';
}

/** Messages of five levels on books of both sizes, with little and with much reading. */
export const workloads: readonly BookWorkload[] = streams
  .filter(({ levelsPerMessage }) => levelsPerMessage === 5)
  .flatMap((stream) =>
    (['best', 'top'] as const).map((reads) => ({
      name: `${stream.levelsPerSide} levels, ${reads === 'best' ? 'best prices read' : 'ten levels a side read'}`,
      stream,
      reads,
    })),
  );
