import type { Environment } from '../shared/config.ts';
import { orderLogCommand, orderLogQuery } from '../shared/operations/orderLogQuery.ts';
import { shellWord } from '../shared/operations/shellWord.ts';
import { nearPath } from './nearPath.ts';
import { LOG_FOLDER } from './paths.ts';
import { isRunningSystemUsed } from './runFile.ts';

/** The logs of the system that runs here, as a shell takes them. */
export const logFiles = (folder = LOG_FOLDER): string => `${shellWord(nearPath(folder))}/*.log`;

/**
 * What finds an order's lines in the log. The system that runs here logs into files, so that is a command for
 * a terminal. Elsewhere it is a query for Cloud Logging.
 */
export const logSearch = (orderId: bigint, env: Environment): string =>
  isRunningSystemUsed(env) ? orderLogCommand(orderId, logFiles()) : orderLogQuery(orderId);
