import { type ComposeService, removeService, startService } from '../compose.ts';
import { findDocker } from '../findPrograms.ts';
import type { LocalPart } from '../localPart.ts';
import { assertPortFree } from '../ports.ts';
import { type CassandraOptions, describeNode } from './options.ts';

/**
 * Starts Cassandra in Docker, as `docker-compose.yml` describes it.
 * @throws Error when no Docker engine answers, it has no Compose, or the port is taken.
 */
export const startDockerCassandra = async (options: CassandraOptions, why: string): Promise<LocalPart> => {
  const { port, fresh = false, keepsState = true, progress } = options;
  const service: ComposeService = { service: 'cassandra', portVariable: 'TALLY_CASSANDRA_PORT', port };
  const docker = await findDocker(options.env);
  if ('missing' in docker)
    throw new Error(`--cassandra docker: ${docker.missing}: start Docker, or install its Compose`);
  await assertPortFree(port, 'Cassandra', '--cassandra-port');
  if (fresh) await removeService(service);
  progress({ step: 'Cassandra', detail: 'docker compose up; the first time pulls the image' });
  const stop = await startService({ ...service, keepsData: keepsState });
  return {
    ...describeNode(options, 'docker', why),
    died: new Promise(() => {}),
    stop,
  };
};
