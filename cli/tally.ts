#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { STATE_FOLDER } from './paths.ts';

// Half of the time of a command that looks goes into compiling its code. The cache is used from here on, so
// the rest is imported later. Where the folder cannot be written, everything works without it.
enableCompileCache(join(STATE_FOLDER, 'compile-cache'));
const { createProgram } = await import('./createProgram.ts');
const { runCommand } = await import('./runCommand.ts');
const { UnableError } = await import('./unableError.ts');
const { ignoreClosedPipes } = await import('./ignoreClosedPipes.ts');

/** An answer of megabytes may still be on its way into a pipe, and `process.exit` would cut it off. */
const flushed = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    // A reader that has closed the pipe gets nothing more. The command has not failed because of that.
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });

ignoreClosedPipes([process.stdout, process.stderr]);
await runCommand(createProgram(process.env), (error) => error instanceof UnableError);
// Nothing else is waited for: a command has stopped what it started, or an exit hook does so now.
await Promise.all([process.stdout, process.stderr].map(flushed));
process.exit();
