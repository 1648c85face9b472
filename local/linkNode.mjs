/**
 * `npm ci` runs this last, on the Node that the machine has. It puts the Node 24 of our optional dependencies
 * first on the PATH of npm scripts. npm would link it by itself, but npm 10 takes the link away again: it
 * cleans up the packages for other processors, which have a command of the same name. Plain JavaScript,
 * because the machine's Node may be older than 24.
 */
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR_MIN = 24;
const MODULES = fileURLToPath(new URL('../node_modules', import.meta.url));

const ours = `node-${process.platform}-${process.arch}`;
const program = join('..', ours, 'bin/node');
const link = join(MODULES, '.bin/node');

if (existsSync(join(MODULES, ours, 'bin/node'))) {
  mkdirSync(join(MODULES, '.bin'), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(program, link);
} else if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR_MIN) {
  console.error(
    `Tally needs Node ${NODE_MAJOR_MIN}, and npm has no package of it for ${process.platform} on ${process.arch}. ` +
      `This is Node ${process.versions.node}: install Node ${NODE_MAJOR_MIN}, and run npm ci again.`,
  );
  process.exitCode = 1;
}
