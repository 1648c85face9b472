import { type Command, InvalidArgumentError } from 'commander';
import { describeError } from '../../cli/describeError.ts';
import { InterruptedError } from '../../cli/interrupt.ts';

/**
 * Runs a command of the tests: it exits 0 only on success, 2 for what it was asked wrongly, 130 when a signal ended it, else
 * 1, with a message.
 */
export const runCommand = async (program: Command): Promise<void> => {
  program.showHelpAfterError().exitOverride((error) => {
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
  try {
    await program.parseAsync();
  } catch (error) {
    console.error(`${program.name()}: ${describeError(error)}`);
    process.exitCode = exitCodeOf(error);
  }
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof InvalidArgumentError) return 2;
  return error instanceof InterruptedError ? 130 : 1;
};
