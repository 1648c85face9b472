import { userInfo } from 'node:os';
import type { Environment } from '../shared/config.ts';
import { UnableError } from './unableError.ts';

const NAME_CHARACTERS_MAX = 100;

/**
 * Who runs this command, for the history: `TALLY_OPERATOR`, else the name of the login.
 * @throws UnableError when the variable is too long.
 */
export const operatorOf = (env: Environment): string => {
  const said = env.TALLY_OPERATOR?.trim() ?? '';
  if (said.length > NAME_CHARACTERS_MAX) {
    throw new UnableError(
      `TALLY_OPERATOR: expected at most ${NAME_CHARACTERS_MAX} characters, got ${said.length}`,
    );
  }
  return said === '' ? userInfo().username : said;
};
