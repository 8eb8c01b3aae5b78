const requirements = ['node22', 'recordings', 'redis'] as const;

/** Something that not every machine has. */
export type Requirement = (typeof requirements)[number];

/** The part of a test framework's `test` that is used here. */
export interface TestFunction {
  (name: string, run: () => Promise<void> | void, timeoutMs?: number): unknown;
  readonly skip: (name: string, run: () => Promise<void> | void) => unknown;
}

/**
 * True if a machine without it is to fail, and not to skip by name, what needs it: `VENUEKIT_REQUIRE=node22,recordings,redis`.
 * @throws Error for a word that no test knows: what it asks for would be skipped without a word.
 */
export function isRequired(
  requirement: Requirement,
  setting: string = process.env.VENUEKIT_REQUIRE ?? '',
): boolean {
  const words = setting.split(',').flatMap((word) => word.trim() || []);
  const known: readonly string[] = requirements;
  const stranger = words.find((word) => !known.includes(word));
  if (stranger !== undefined) {
    throw new Error(`VENUEKIT_REQUIRE: expected some of ${requirements.join(', ')}, got ${stranger}`);
  }
  return words.includes(requirement);
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
