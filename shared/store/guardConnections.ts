import Connection from 'cassandra-driver/lib/connection.js';

let isGuarded = false;

/**
 * Makes bytes that cannot be decoded the fault of one connection, which is closed as if its socket had failed. The driver (4.10.0)
 * decodes in two streams and listens to neither for errors, so that one bad frame would be an uncaught exception: the Functions
 * Framework ends the process, with every message that it had in hand.
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
