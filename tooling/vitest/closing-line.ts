import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Ends the output with the names of what was skipped and one plain line, `N passed, N failed`. A file that could not be loaded
 * counts as one failure, and so does an error outside any test.
 */
export default class ClosingLine implements Reporter {
  #passed = 0;
  #failed = 0;
  readonly #skipped: string[] = [];

  constructor() {
    process.once('exit', () => {
      const skipped = this.#skipped.map((name) => `skipped: ${name}\n`).join('');
      process.stdout.write(`\n${skipped}${this.#passed} passed, ${this.#failed} failed\n`);
    });
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    this.#failed += unhandledErrors.length;
    for (const module of modules) this.#count(module);
  }

  #count(module: TestModule): void {
    let failures = 0;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') this.#passed += 1;
      else if (state === 'skipped') {
        this.#skipped.push(`${module.project.name} ${module.relativeModuleId}: ${test.fullName}`);
      } else failures += 1;
    }
    if (failures === 0 && module.state() === 'failed') failures = 1;
    this.#failed += failures;
  }
}
