import { createInterface } from 'node:readline/promises';
import { UnableError } from './unableError.ts';
import { InterruptedError } from './waitForInterrupt.ts';

/**
 * Asks whether to do something that changes data. On a terminal, a person answers. Elsewhere nobody can, so
 * the command needs `--yes`.
 * @param yes the person has said so already.
 * @throws UnableError when the answer is not yes, or when there is nobody to ask; InterruptedError when it is
 * Ctrl-C.
 */
export const askToGoOn = async (what: string, yes: boolean): Promise<void> => {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UnableError(`${what} Nothing was done: nobody can be asked here, so add --yes`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const interrupt = new AbortController();
  terminal.once('SIGINT', () => interrupt.abort());
  try {
    const question = terminal.question(`${what} Go on? [y/N] `, { signal: interrupt.signal });
    const answer = await question.catch(() => {
      // Ctrl-D leaves the cursor behind the question.
      if (!interrupt.signal.aborted) console.error();
      return '';
    });
    if (interrupt.signal.aborted) throw new InterruptedError('nothing was done');
    if (!/^y(?:es)?$/i.test(answer.trim())) throw new UnableError('nothing was done');
  } finally {
    terminal.close();
  }
};
