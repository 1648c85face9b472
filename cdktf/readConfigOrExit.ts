import { ConfigError } from '../shared/errors.ts';
import { type FoundConfig, readConfig } from './readConfig.ts';

/** `readConfig` for a script: one that cannot go on prints the problems, and exits with 2. */
export const readConfigOrExit = (): FoundConfig => {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    return process.exit(2);
  }
};
