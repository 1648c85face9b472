#!/usr/bin/env node
import { createProgram } from './createProgram.ts';
import { runCommand } from './runCommand.ts';
import { UnableError } from './unableError.ts';

/** An answer of megabytes may still be on its way into a pipe, and `process.exit` would cut it off. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    // A reader that has closed the pipe gets nothing more. The command has not failed because of that.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });

await runCommand(createProgram(process.env), (error) => error instanceof UnableError);
// Nothing else is waited for: a command has stopped what it started, or an exit hook does so now.
await Promise.all([process.stdout, process.stderr].map(flushed));
process.exit();
