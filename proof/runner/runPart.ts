import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { guardGroup, signalGroup } from '../../local/processGroup.ts';
import { type Figures, figuresOf } from './figuresOf.ts';
import type { Part } from './parts.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
/** Less than the ten seconds that supervisors leave us, as Docker does. */
const STOP_TIMEOUT_MS = 5_000;

export interface PartResult {
  readonly name: string;
  readonly isShown: boolean;
  readonly seconds: number;
  readonly figures: Figures;
}

/**
 * Runs a part to its end, and leaves nothing of it running.
 * @param stop aborts when there is no time for it any longer: its whole process group gets a SIGTERM then, and a SIGKILL
 * when that does not end it within five seconds.
 * @throws Error when it cannot be started.
 */
export const runPart = async (
  { name, command: [program, ...args] }: Part,
  stop: AbortSignal,
): Promise<PartResult> => {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: PROJECT_FOLDER,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own: npm and what it starts hear of a stop at once, and of a terminal's Ctrl-C from us alone.
    detached: true,
  });
  const guard = guardGroup(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  // What it leaves behind would hold its output, without whose end it is not at an end.
  child.once('exit', () => signalGroup(child, 'SIGKILL'));

  let timer: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    signalGroup(child, 'SIGTERM');
    timer = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
      // Somebody who left the group could hold it for ever.
      child.stdout.destroy();
    }, STOP_TIMEOUT_MS);
  };
  stop.addEventListener('abort', onStop);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return {
      name,
      isShown: code === 0 && !stop.aborted,
      seconds: Math.round((performance.now() - startedAt) / 1_000),
      figures: stop.aborted ? 'stopped' : figuresOf(output),
    };
  } finally {
    clearTimeout(timer);
    stop.removeEventListener('abort', onStop);
    guard?.kill('SIGKILL');
  }
};
