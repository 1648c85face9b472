import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { PROJECT_FOLDER } from './paths.ts';

const manifestSchema = z.object({ version: z.string() });

/** A bundle has no package.json beside it, so the bundler writes the version in this one's place. */
declare const BUNDLED_VERSION: string | undefined;

/** What runs, for a report of a bug: `tally 0.1.0, commit 3f2a91c, Node 24.21.0`. */
export const versionText = (): string =>
  [`tally ${version()}`, ...commit(), `Node ${process.versions.node}`].join(', ');

const version = (): string =>
  typeof BUNDLED_VERSION === 'string'
    ? BUNDLED_VERSION
    : manifestSchema.parse(JSON.parse(readFileSync(join(PROJECT_FOLDER, 'package.json'), 'utf8'))).version;

/** Nothing in a copy that is not a clone, or where there is no git. */
const commit = (): readonly string[] => {
  if (!existsSync(join(PROJECT_FOLDER, '.git'))) return [];
  try {
    const args = ['-C', PROJECT_FOLDER, 'describe', '--always', '--dirty', '--abbrev=7', '--exclude=*'];
    const text = execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [`commit ${text.trim()}`];
  } catch {
    // The version alone still tells something.
    return [];
  }
};
