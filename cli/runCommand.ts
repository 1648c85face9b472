import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { ProcessEndedError } from '../local/processEndedError.ts';
import { SystemStoppedError } from '../local/systemStoppedError.ts';
import { cutText } from './cutText.ts';
import { describeError, findCause } from './describeError.ts';
import { showText } from './showText.ts';
import { UndecidedError } from './undecidedError.ts';
import { InterruptedError } from './waitForInterrupt.ts';
import { wrapText } from './wrapText.ts';

/**
 * Runs a command, prints its error and sets the exit code: 0 for success, 2 for a wrong option or for work
 * that it is not able to do, 3 when it could not decide yet, 130 when a signal ended it, else 1. A subcommand
 * copies the settings of its program when it is made, so a program with subcommands calls
 * `showHelpAfterError` and `exitOverride` before it makes them.
 * @param isUnable whether an error says that the command is not able to do its work. Default: none does.
 */
export const runCommand = async (
  program: Command,
  isUnable: (error: unknown) => boolean = () => false,
): Promise<void> => {
  program
    .showHelpAfterError()
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  try {
    await program.parseAsync();
  } catch (error) {
    const report = isCommanders(error) ? usageReportOf(error) : reportOf(program.name(), error);
    if (report !== '') console.error(report);
    process.exitCode = exitCodeOf(error, isUnable);
  }
};

/**
 * What is written below the help about words that are not understood. The help is longer than a screen, and
 * what is wrong is its last line. Empty: the help is what was asked for, or all that there is to say.
 */
const usageReportOf = ({ exitCode, code, message }: CommanderError): string =>
  exitCode === 0 || code === 'commander.help' ? '' : `\n${message.split('\n').map(shortenWord).join('\n')}`;

/** Room for a sentence on each side of a word that nobody meant. */
const SIDE_CHARACTERS_MAX = 250;

/** The words of the user may have any length, and what is allowed stands behind them. */
const shortenWord = (line: string): string => {
  const shown = showText(line);
  return shown.length <= 2 * SIDE_CHARACTERS_MAX
    ? shown
    : `${shown.slice(0, SIDE_CHARACTERS_MAX)} … ${shown.slice(-SIDE_CHARACTERS_MAX)}`;
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
