import { createInterface } from 'node:readline/promises';
import { UnableError } from './unableError.ts';

/**
 * Asks whether to do something that changes data. On a terminal, a person answers. Elsewhere nobody can, so
 * the command needs `--yes`.
 * @param yes the person has said so already.
 * @throws UnableError when the answer is not yes, or when there is nobody to ask.
 */
export const askToGoOn = async (what: string, yes: boolean): Promise<void> => {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UnableError(`${what} Nothing was done: nobody can be asked here, so add --yes`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${what} Go on? [y/N] `);
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new UnableError('nothing was done');
  } finally {
    terminal.close();
  }
};
