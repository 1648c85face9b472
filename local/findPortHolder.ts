import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const ANSWER_TIMEOUT_MS = 2_000;
const COMMAND_CHARACTERS_MAX = 60;

/**
 * Finds who listens on a port of this machine, such as `process 4711 (node cli/tally.ts up)`.
 * @returns undefined when nobody can tell: there is no `lsof`, or the process belongs to another user.
 */
export const findPortHolder = async (port: number): Promise<string | undefined> => {
  const pid = (await outputOf('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']))?.split('\n')[0];
  if (pid === undefined || !/^\d+$/.test(pid)) return undefined;
  const command = (await outputOf('ps', ['-o', 'args=', '-p', pid]))?.trim() ?? '';
  const shown =
    command.length > COMMAND_CHARACTERS_MAX ? `${command.slice(0, COMMAND_CHARACTERS_MAX)}…` : command;
  return `process ${pid}${shown === '' ? '' : ` (${shown})`}`;
};

/** Undefined: the program is missing, it found nothing, or it did not answer in time. */
const outputOf = async (command: string, args: readonly string[]): Promise<string | undefined> => {
  try {
    return (await promisify(execFile)(command, args, { timeout: ANSWER_TIMEOUT_MS })).stdout;
  } catch {
    // The answer only makes an error more helpful. Without it, the error still says which port is taken.
    return undefined;
  }
};
