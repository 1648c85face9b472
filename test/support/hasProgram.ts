import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether a program can be started at all. */
export const hasProgram = (program: string, arg: string): Promise<boolean> =>
  run(program, [arg]).then(
    () => true,
    () => false,
  );
