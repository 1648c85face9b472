import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { ProcessEndedError } from '../local/processEndedError.ts';
import { SystemStoppedError } from '../local/systemStoppedError.ts';
import { cutText } from './cutText.ts';
import { describeError, findCause } from './describeError.ts';
import { sayErrorLast } from './sayErrorLast.ts';
import { showText } from './showText.ts';
import { UndecidedError } from './undecidedError.ts';
import { InterruptedError } from './waitForInterrupt.ts';
import { wrapText } from './wrapText.ts';

/**
 * Runs a command, prints its error and sets the exit code: 0 for success, 2 for a wrong option or for work
 * that it is not able to do, 3 when it could not decide yet, 130 when a signal ended it, else 1. A subcommand
 * copies the settings of its program when it is made, so a program with subcommands calls `sayErrorLast`,
 * `showHelpAfterError` and `exitOverride` before it makes them.
 * @param isUnable whether an error says that the command is not able to do its work. Default: none does.
 */
export const runCommand = async (
  program: Command,
  isUnable: (error: unknown) => boolean = () => false,
): Promise<void> => {
  if (program.commands.length === 0) sayErrorLast(program).showHelpAfterError().exitOverride();
  try {
    await program.parseAsync();
  } catch (error) {
    // Commander has already said what is wrong, or has shown the help that the user asked for.
    if (!isCommanders(error)) console.error(reportOf(program.name(), error));
    process.exitCode = exitCodeOf(error, isUnable);
  }
};

/**
 * What is written about an error. The end of a dead process's log comes first and is indented, so that what
 * went wrong and what to do are the last lines on the screen.
 */
const reportOf = (program: string, error: unknown): string => {
  const ended = findCause(error, ProcessEndedError);
  const log = ended?.lastLines ?? [];
  const advice = findCause(error, SystemStoppedError)?.advice;
  return [
    ...(log.length === 0 ? [] : ['', `The end of the log of ${ended?.process}:`, ...log.map(toLogLine), '']),
    ...[`${program}: ${describeError(error)}`, ...(advice === undefined ? [] : [advice])].map((text) =>
      wrapText(text, process.stderr.columns),
    ),
  ].join('\n');
};

/** A stack has tabs, which a terminal shows as up to eight blanks. */
const toLogLine = (line: string): string => cutText(showText(`  ${line.replaceAll('\t', '  ')}`));

/**
 * An InvalidArgumentError that arrives here is the command's own: Commander catches those of an option's
 * parser.
 */
const isCommanders = (error: unknown): error is CommanderError =>
  error instanceof CommanderError && !(error instanceof InvalidArgumentError);

const exitCodeOf = (error: unknown, isUnable: (error: unknown) => boolean): number => {
  if (isCommanders(error)) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InvalidArgumentError || isUnable(error)) return 2;
  if (error instanceof UndecidedError) return 3;
  return error instanceof InterruptedError ? 130 : 1;
};
