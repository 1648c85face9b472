import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LOCAL_FOLDER = import.meta.dirname;
/** The first start pulls an image. */
const UP_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 30_000;

/**
 * A service of `docker-compose.yml`, and the port on which it listens here. Each port has its own Compose
 * project, so that several systems can run at once.
 */
export interface ComposeService {
  readonly service: 'cassandra' | 'pubsub';
  readonly portVariable: 'TALLY_CASSANDRA_PORT' | 'TALLY_PUBSUB_PORT';
  readonly port: number;
}

/** Starts a service and waits until its health check passes. */
export const composeUp = (service: ComposeService): Promise<void> =>
  compose(service, ['up', '--detach', '--wait', service.service], UP_TIMEOUT_MS);

/** Stops a service and keeps its data. */
export const composeStop = (service: ComposeService): Promise<void> =>
  compose(service, ['stop', service.service], STOP_TIMEOUT_MS);

/** Removes a service's container and its data. */
export const composeRemove = (service: ComposeService): Promise<void> =>
  compose(service, ['rm', '--stop', '--force', '--volumes', service.service], STOP_TIMEOUT_MS);

const compose = async (
  { portVariable, port }: ComposeService,
  args: readonly string[],
  timeout: number,
): Promise<void> => {
  const env = { ...process.env, [portVariable]: String(port) };
  try {
    await promisify(execFile)('docker', ['compose', '--project-name', `tally-${port}`, ...args], {
      cwd: LOCAL_FOLDER,
      env,
      timeout,
    });
  } catch (error) {
    throw new Error(`docker compose ${args.join(' ')} failed`, { cause: error });
  }
};
