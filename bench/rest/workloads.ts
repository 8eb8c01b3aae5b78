/** How many requests are under way together. */
export interface RestWorkload {
  readonly name: string;
  readonly atOnce: number;
}

/** Polling, and what a start or a backfill does. */
export const workloads: readonly RestWorkload[] = [
  { name: 'one at a time', atOnce: 1 },
  { name: '20 at once', atOnce: 20 },
];
