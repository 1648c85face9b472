import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { describeError } from './describeError.ts';
import { InterruptedError } from './interrupt.ts';

/**
 * Runs a command and sets the exit code: 0 only on success, 2 for what it was asked wrongly or is not able to do, 130 when a
 * signal ended it, else 1, with a message. Subcommands take the program's settings over as they are made: a program that has some
 * sets `showHelpAfterError` and `exitOverride` before them.
 * @param isUnable whether an error says that it is not able to do it at all, here or now. Default: none does.
 */
export const runCommand = async (
  program: Command,
  isUnable: (error: unknown) => boolean = () => false,
): Promise<void> => {
  program.showHelpAfterError().exitOverride();
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has said already what was wrong, or has shown the help that was asked for.
    if (!isCommanders(error)) console.error(`${program.name()}: ${describeError(error)}`);
    process.exitCode = exitCodeOf(error, isUnable);
  }
};

/** An InvalidArgumentError that comes this far is a command's own: Commander catches those of an option's parser. */
const isCommanders = (error: unknown): error is CommanderError =>
  error instanceof CommanderError && !(error instanceof InvalidArgumentError);

const exitCodeOf = (error: unknown, isUnable: (error: unknown) => boolean): number => {
  if (isCommanders(error)) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InvalidArgumentError || isUnable(error)) return 2;
  return error instanceof InterruptedError ? 130 : 1;
};
