import { type Command, InvalidArgumentError } from 'commander';
import type { Environment } from '../shared/config.ts';

/** npm has options of these names, too, and a person may have set them for all projects. */
const OF_NPM: readonly string[] = ['json', 'yes', 'audit'];

/**
 * Refuses an option that npm has kept for itself: of `npm start --fresh` the command gets nothing but the
 * variable `npm_config_fresh`.
 * @throws InvalidArgumentError that says how to write it.
 */
export const refuseKeptOptions = (command: Command, env: Environment): void => {
  const script = env.npm_lifecycle_event ?? 'npx';
  // What stands behind the name of a program is the program's.
  if (script === 'npx') return;
  for (const { long } of command.options) {
    const name = long?.slice(2) ?? '';
    if (OF_NPM.includes(name) || env[`npm_config_${name.replaceAll('-', '_')}`] === undefined) continue;
    const run = script === 'start' ? 'npm start' : `npm run ${script}`;
    throw new InvalidArgumentError(`npm kept --${name} for itself: write "${run} -- --${name}"`);
  }
};
