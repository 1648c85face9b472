import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { guardGroup, signalGroup } from '../../local/processGroup.ts';
import { type Figures, figuresOf } from './figuresOf.ts';
import type { Part } from './parts.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
/** Docker, for one, gives a process ten seconds to end. */
const STOP_TIMEOUT_MS = 5_000;

export interface PartResult {
  readonly name: string;
  readonly isShown: boolean;
  readonly seconds: number;
  readonly figures: Figures;
}

/**
 * Runs a part to its end, and leaves no process of it behind.
 * @param stop ends the part when it aborts: its process group gets a SIGTERM, and after five seconds a
 * SIGKILL.
 * @throws Error when the part cannot be started.
 */
export const runPart = async (
  { name, command: [program, ...args] }: Part,
  stop: AbortSignal,
): Promise<PartResult> => {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd: PROJECT_FOLDER,
    stdio: ['ignore', 'pipe', 'inherit'],
    // In its own process group, a terminal's Ctrl-C does not reach the part. A stop reaches npm and its
    // children at once.
    detached: true,
  });
  const guard = guardGroup(child);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  // A process that the part leaves behind would hold the output open, so `close` would never come.
  child.once('exit', () => signalGroup(child, 'SIGKILL'));

  let timer: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    signalGroup(child, 'SIGTERM');
    timer = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
      // A process that left the group could hold the output open for ever.
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
