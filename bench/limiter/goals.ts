/** Something that a limiter is meant to reach. */
export interface Goal {
  readonly text: string;
  readonly isMet: boolean;
  readonly got: string;
}

/** Prints which goals were met and which missed. */
export function printGoals(goals: readonly Goal[]): void {
  console.log('\n### Goals\n');
  for (const { text, isMet, got } of goals) console.log(`- ${isMet ? 'met' : '**missed**'}: ${text}: ${got}`);
}
