import type { UserConsoleLog } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

/** A test file prints such a line for what it leaves out. The line says what the machine lacks. */
const SKIPPED = /^SKIPPED: .*$/gm;
/** The global set-up leaves its own line here. */
export const SKIPPED_VARIABLE = 'TALLY_TESTS_SKIPPED';

/** Says at the end how many tests ran, for how long, and what was skipped and why. CI reads the last line. */
export default class SummaryReporter implements Reporter {
  readonly #reasons = new Set<string>();
  #startedAtMs = 0;

  onTestRunStart(): void {
    this.#startedAtMs = performance.now();
  }

  onUserConsoleLog({ content }: UserConsoleLog): void {
    for (const [reason] of content.matchAll(SKIPPED)) this.#reasons.add(reason);
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
    }
    const broken = modules.filter((module) => module.errors().length > 0).length + unhandledErrors.length;
    const seconds = Math.round((performance.now() - this.#startedAtMs) / 1_000);
    const ofSetup = process.env[SKIPPED_VARIABLE];
    for (const reason of ofSetup === undefined ? this.#reasons : [ofSetup, ...this.#reasons]) {
      console.log(reason);
    }
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    console.log(`${modules.length} files in ${seconds} s`);
    console.log(
      `tests: ${counts.passed} passed, ${counts.failed + counts.pending + broken} failed${skipped}`,
    );
  }
}
