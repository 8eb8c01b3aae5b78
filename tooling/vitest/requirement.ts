/** Something that not every machine has. */
export type Requirement = 'browser' | 'node22' | 'recordings' | 'redis';

/** The part of a test framework's `test` that is used here. */
export interface TestFunction {
  (name: string, run: () => Promise<void> | void, timeoutMs?: number): unknown;
  readonly skip: (name: string, run: () => Promise<void> | void) => unknown;
}

/** True if a machine without it is to fail, and not to skip by name, what needs it: `VENUEKIT_REQUIRE=browser,redis`. */
export function isRequired(
  requirement: Requirement,
  setting: string = process.env.VENUEKIT_REQUIRE ?? '',
): boolean {
  return setting.split(',').some((word) => word.trim() === requirement);
}

/** What a test needs, and whether this machine has it. */
export interface Needed {
  readonly requirement: Requirement;
  readonly present: boolean;
  /** How long the test may take, in milliseconds; as other tests, if left out. */
  readonly timeoutMs?: number;
  /** `isRequired` if left out. */
  readonly required?: boolean;
}

/** A test that needs something: run where it is there, skipped by name where it is not, and failed where it is required. */
export function testNeeding(
  test: TestFunction,
  { requirement, present, timeoutMs, required = isRequired(requirement) }: Needed,
  name: string,
  run: () => Promise<void> | void,
): void {
  const title = `${name} (needs ${requirement})`;
  if (present) test(title, run, timeoutMs);
  else if (!required) test.skip(title, run);
  else {
    test(title, () => {
      throw new Error(`expected ${requirement} on this machine, as VENUEKIT_REQUIRE says, found none`);
    });
  }
}
