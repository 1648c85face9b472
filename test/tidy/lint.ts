import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { runCommand } from '../../cli/runCommand.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
const FOLDERS = ['bench', 'cdktf', 'cli', 'console', 'functions', 'local', 'proof', 'shared', 'test'];

/** The only file beside the constructs and stacks that needs the library. */
const SYNTHESISING = ['cdktf/synthesize.ts'];

interface Run {
  /** A file of `test/tidy/lint/`. */
  readonly rules: string;
  readonly paths: readonly string[];
  readonly flags?: readonly string[];
}

/**
 * The linter's own overrides by path are matched against absolute paths where the settings do not stand in
 * the root, so the name of the folder that holds a clone would count. So each set of rules is a run, on the
 * paths that it is for.
 */
const RUNS: readonly Run[] = [
  { rules: 'everywhere', paths: FOLDERS, flags: ['--type-aware'] },
  { rules: 'pure', paths: ['shared/domain'] },
  { rules: 'product', paths: ['bench', 'cdktf/bundle', 'cli', 'console', 'functions', 'local', 'shared'] },
  { rules: 'pubsubServer', paths: ['local/pubsub/server'] },
  { rules: 'cdktf', paths: ['cdktf'] },
  {
    rules: 'withoutCdktf',
    paths: [
      ...FOLDERS.filter((folder) => !['cdktf', 'test'].includes(folder)),
      ...globSync('cdktf/{bundle,operations}', { cwd: PROJECT_FOLDER }),
      ...globSync('cdktf/*.ts', { cwd: PROJECT_FOLDER }).filter((file) => !SYNTHESISING.includes(file)),
    ],
  },
];

const lint = (): void => {
  for (const { rules, paths, flags = [] } of RUNS) {
    const settings = join('test/tidy/lint', `${rules}.json`);
    const args = ['--config', settings, '--deny-warnings', '--quiet', ...flags, ...paths];
    const { status } = spawnSync('oxlint', args, { cwd: PROJECT_FOLDER, stdio: 'inherit' });
    if (status !== 0) {
      console.error(`lint: the rules of ${settings} do not hold`);
      process.exitCode = 1;
    }
  }
};

await runCommand(
  new Command('lint')
    .description('lint everything, with types; exits 1 if a rule does not hold')
    .action(lint),
);
