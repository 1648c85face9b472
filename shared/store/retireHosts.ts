import type { Client } from 'cassandra-driver';

/**
 * Closes what a node that the driver no longer knows has open. When the last connection is lost, the driver (4.10.0) makes its view
 * of the nodes anew and forgets the old one without an end to it: that goes on connecting, and holds one connection for each loss,
 * for as long as the process lives.
 */
export const retireHosts = (client: Client): void => {
  client.on('hostRemove', (host: unknown) => {
    if (canShutDown(host)) void host.shutdown(false).catch(() => {});
  });
};

/** The driver has this method on every host, and leaves it out of its types. */
interface Retirable {
  readonly shutdown: (waitsForRequests: boolean) => Promise<void>;
}

const canShutDown = (host: unknown): host is Retirable =>
  typeof host === 'object' && host !== null && 'shutdown' in host && typeof host.shutdown === 'function';
