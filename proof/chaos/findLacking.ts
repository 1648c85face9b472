import { createServer } from 'node:net';
import { hasCassandraJars } from '../../local/cassandra/downloadJars.ts';
import { findCassandraJava, findMaven } from '../../local/findPrograms.ts';
import type { Environment } from '../../shared/config.ts';
import { ADDRESSES } from './addresses.ts';

/** What this machine lacks for three Cassandra nodes: one text for each part, with the remedy. */
export const findLacking = async (env: Environment, downloadFolder: string): Promise<readonly string[]> => {
  const java = await findCassandraJava(env);
  const maven = hasCassandraJars(downloadFolder) ? undefined : await findMaven(env);
  const missing = await Promise.all(
    ADDRESSES.map(async (address) => ((await canListenAt(address)) ? [] : [address])),
  );
  const addresses = missing.flat();
  return [
    ...('missing' in java ? [`${java.missing}: install Java 17, or set JAVA_HOME`] : []),
    ...(maven !== undefined && 'missing' in maven
      ? [`${maven.missing}, and Cassandra is not downloaded yet: install Maven`]
      : []),
    // Linux has all addresses of 127.0.0.0/8, macOS has 127.0.0.1 only.
    ...(addresses.length === 0
      ? []
      : [
          `no loopback address ${addresses.join(', ')}: on macOS, sudo ifconfig lo0 alias <address> for each`,
        ]),
  ];
};

const canListenAt = (address: string): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(0, address, () => server.close(() => resolve(true)));
  return promise;
};
