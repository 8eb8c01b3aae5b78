/** Something that keeps the lane from running: a wrong argument, a simulation that cannot be loaded. Exit code 2. */
export class SoakError extends Error {
  override readonly name = 'SoakError';
}
