import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Environment, valueIn } from '../shared/config.ts';
import { ConfigError } from '../shared/errors.ts';
import { type DeploymentConfig, parseConfig } from './config.ts';

const FOLDER = import.meta.dirname;
const EXAMPLE = 'deployment.example.json';
const USUAL = 'deployment.json';

export interface FoundConfig {
  /** The path of the file, relative to `cdktf/` or absolute. */
  readonly file: string;
  readonly config: DeploymentConfig;
}

/**
 * Reads the configuration from the first of these: the file that `TALLY_DEPLOYMENT` names (relative to
 * `cdktf/`), `cdktf/deployment.json`, the committed example.
 * @throws ConfigError with one sentence for each problem, also when the file cannot be read, or is a copy of
 * the example that nobody has filled in.
 */
export const readConfig = (env: Environment, folder = FOLDER): FoundConfig => {
  const named = valueIn(env, 'TALLY_DEPLOYMENT');
  const file = named ?? (existsSync(join(folder, USUAL)) ? USUAL : EXAMPLE);
  const path = resolve(folder, file);
  const config = parseConfig(readFile(path));
  if (config.isExample === true && path !== join(folder, EXAMPLE))
    throw new ConfigError([`isExample: fill ${file} in, and take this mark of the example out`]);
  return { file, config };
};

const readFile = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError([`TALLY_DEPLOYMENT: cannot read ${path}: ${String(error)}`]);
  }
};
