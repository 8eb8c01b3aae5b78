/** A bar length as the venue names it. */
export interface BarInterval {
  readonly name: string;
  readonly intervalInMillis: number;
}

/** Bar lengths. `1m` is one month, nominally thirty days. */
export const barIntervals: readonly BarInterval[] = [
  { name: '1', intervalInMillis: 60_000 },
  { name: '5', intervalInMillis: 300_000 },
  { name: '15', intervalInMillis: 900_000 },
  { name: '30', intervalInMillis: 1_800_000 },
  { name: '60', intervalInMillis: 3_600_000 },
  { name: '120', intervalInMillis: 7_200_000 },
  { name: '240', intervalInMillis: 14_400_000 },
  { name: '360', intervalInMillis: 21_600_000 },
  { name: '720', intervalInMillis: 43_200_000 },
  { name: '1d', intervalInMillis: 86_400_000 },
  { name: '1w', intervalInMillis: 604_800_000 },
  { name: '1m', intervalInMillis: 2_592_000_000 },
];
