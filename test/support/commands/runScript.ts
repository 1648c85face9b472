import { type CommandOptions, type CommandResult, startScript } from './startScript.ts';

/**
 * Runs a script of the project as a process, and waits for its end. `script` is a path in the project's
 * folder.
 */
export const runScript = (
  script: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> => startScript(script, args, options).result;

/** Runs the `tally` command as a user does. */
export const runTally = (args: readonly string[], options: CommandOptions): Promise<CommandResult> =>
  runScript('cli/tally.ts', args, options);
