import type { Client } from 'cassandra-driver';

/**
 * Closes the connections of a node that the driver has forgotten. When the driver (4.10.0) loses its last
 * connection, it builds a new view of the nodes and forgets the old one without closing it. The old view then
 * keeps connecting. For each loss, it holds one connection until the process ends.
 */
export const retireHosts = (client: Client): void => {
  client.on('hostRemove', (host: unknown) => {
    if (canShutDown(host)) void host.shutdown(false).catch(() => {});
  });
};

/** Every host of the driver has this method, but the driver's types do not declare it. */
interface Retirable {
  readonly shutdown: (waitsForRequests: boolean) => Promise<void>;
}

const canShutDown = (host: unknown): host is Retirable =>
  typeof host === 'object' && host !== null && 'shutdown' in host && typeof host.shutdown === 'function';
