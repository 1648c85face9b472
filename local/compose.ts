import { type ChildProcess, execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const LOCAL_FOLDER = import.meta.dirname;
/** The first start pulls an image. */
const UP_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 30_000;
const REMOVE = ['rm', '--stop', '--force', '--volumes'];

/**
 * A service of `docker-compose.yml`, and the port on which it listens here. Each port has its own Compose
 * project, so that several systems can run at once.
 */
export interface ComposeService {
  readonly service: 'cassandra' | 'pubsub';
  readonly portVariable: 'TALLY_CASSANDRA_PORT' | 'TALLY_PUBSUB_PORT';
  readonly port: number;
}

interface StartOptions extends ComposeService {
  /** Whether its data stays when it is stopped. */
  readonly keepsData: boolean;
}

/** The services that start or run, and what ends each. They must not outlive this process. */
const running = new Map<ComposeService, readonly string[]>();
/** The calls of Docker under way. */
const calls = new Set<ChildProcess>();
process.on('exit', () => {
  // A start would go on, and its container would come after all.
  for (const call of calls) call.kill();
  for (const [service, end] of running) {
    console.error(`stopping the container of ${service.service} …`);
    spawnSync('docker', argsOf(service, end), { ...optionsOf(service, STOP_TIMEOUT_MS), stdio: 'ignore' });
  }
});

/**
 * Starts a service and waits until its health check passes.
 * @returns what stops it. The exit of this process does so, too.
 * @throws Error when Docker cannot start it.
 */
export const startService = async (service: StartOptions): Promise<() => Promise<void>> => {
  const end = [...(service.keepsData ? ['stop'] : REMOVE), service.service];
  running.set(service, end);
  await compose(service, ['up', '--detach', '--wait', service.service], UP_TIMEOUT_MS);
  return async () => {
    await compose(service, end, STOP_TIMEOUT_MS);
    running.delete(service);
  };
};

/** Removes a service's container and its data. */
export const removeService = (service: ComposeService): Promise<void> =>
  compose(service, [...REMOVE, service.service], STOP_TIMEOUT_MS);

/** The Compose project of the service on a port. */
export const projectOf = (port: number | string): string => `tally-${port}`;

const compose = async (service: ComposeService, args: readonly string[], timeout: number): Promise<void> => {
  const ended = promisify(execFile)('docker', argsOf(service, args), optionsOf(service, timeout));
  calls.add(ended.child);
  try {
    await ended;
  } catch (error) {
    throw new Error(`docker compose ${args.join(' ')} failed`, { cause: error });
  } finally {
    calls.delete(ended.child);
  }
};

const argsOf = ({ port }: ComposeService, args: readonly string[]): string[] => [
  'compose',
  '--project-name',
  projectOf(port),
  ...args,
];

const optionsOf = ({ portVariable, port }: ComposeService, timeout: number) => ({
  cwd: LOCAL_FOLDER,
  env: { ...process.env, [portVariable]: String(port) },
  timeout,
});
