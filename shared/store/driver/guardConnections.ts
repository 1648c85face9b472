import Connection from 'cassandra-driver/lib/connection.js';

let isGuarded = false;

/**
 * Closes a connection that receives bytes which cannot be decoded, as if its socket had failed. The driver
 * (4.10.0) decodes in two streams and listens for errors on neither. So one bad frame would be an uncaught
 * exception, and then the Functions Framework ends the process with every message in flight.
 */
export const guardConnections = (): void => {
  if (isGuarded) return;
  isGuarded = true;
  const { bindSocketListeners } = Connection.prototype;
  Connection.prototype.bindSocketListeners = function bindAndGuard(this: Connection): void {
    bindSocketListeners.call(this);
    for (const stream of [this.protocol, this.parser]) {
      stream.on('error', (error) => this.netClient.destroy(error));
    }
  };
};
