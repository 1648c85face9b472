/**
 * The parts of the driver's own classes that the guards in this folder need. The driver does not type them.
 */
declare module 'cassandra-driver/lib/connection.js' {
  import type { Socket } from 'node:net';
  import type { Transform } from 'node:stream';

  export default class Connection {
    readonly netClient: Socket;
    readonly protocol: Transform;
    readonly parser: Transform;
    /** Called once for each socket, as soon as it is open. */
    bindSocketListeners: (this: Connection) => void;
  }
}

declare module 'cassandra-driver/lib/control-connection.js' {
  export default class ControlConnection {
    readonly _isShuttingDown: boolean;
    /** Looks for a connection and reads the topology again. It calls itself with the hosts that are left. */
    _refresh: (this: ControlConnection, hostsLeft?: Iterator<unknown>) => Promise<void>;
  }
}
