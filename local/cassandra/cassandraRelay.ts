import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

const LOOPBACK = '127.0.0.1';
/** What one connection may hold back. Above it, nothing more is read from Cassandra until some is sent. */
const HELD_BYTES_MAX = 4 * 1024 * 1024;

/** Stands where the drivers look for Cassandra, and passes everything on. */
export interface CassandraRelay {
  /** Accepts connections, and passes them on to this port. Rejects when the own port is taken. */
  readonly open: (cassandraPort: number) => Promise<void>;
  /** Accepts no more connections, as a Cassandra that is down. Those that are open end with Cassandra. */
  readonly close: () => void;
  /** Holds each answer back for so many milliseconds. 0: passes it on at once. */
  readonly slow: (delayMs: number) => void;
}

/**
 * A relay between a port of 127.0.0.1 and Cassandra. Only a relay can slow answers down without root. The
 * price is one more hop for each request and each answer.
 */
export const createCassandraRelay = (port: number): CassandraRelay => {
  let delayMs = 0;
  let server: Server | undefined;
  return {
    open: async (cassandraPort) => {
      server = createServer({ noDelay: true }, (client) =>
        join(client, connect({ port: cassandraPort, host: LOOPBACK, noDelay: true }), () => delayMs),
      );
      server.listen(port, LOOPBACK);
      await once(server, 'listening');
    },
    close: () => {
      server?.close();
      server = undefined;
    },
    slow: (nextMs) => {
      delayMs = nextMs;
    },
  };
};

const join = (client: Socket, node: Socket, delayMs: () => number): void => {
  client.on('data', (bytes) => passOn(client, node, bytes));
  const answers = holdBack(client, node, delayMs);
  node.on('data', answers.take);
  for (const [end, other] of [
    [client, node],
    [node, client],
  ] as const) {
    // The other side hears of an error as of any end: its connection is closed.
    end.on('error', () => {});
    end.once('close', () => {
      answers.stop();
      other.destroy();
    });
  }
};

/** Writes, and reads no more from the other side until there is room again. */
const passOn = (from: Socket, to: Socket, bytes: Buffer): void => {
  if (to.write(bytes)) return;
  from.pause();
  to.once('drain', () => from.resume());
};

/** Sends each answer when it is due, in their order. */
const holdBack = (client: Socket, node: Socket, delayMs: () => number) => {
  const held: { readonly bytes: Buffer; readonly dueMs: number }[] = [];
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  /** The client does not read as fast as it gets answers. */
  let isFull = false;

  const sendDue = (): void => {
    timer = undefined;
    while (!isFull && held[0] !== undefined && held[0].dueMs <= performance.now()) {
      const { bytes } = held.shift() ?? { bytes: Buffer.alloc(0) };
      heldBytes -= bytes.byteLength;
      isFull = !client.write(bytes);
    }
    if (isFull) return void client.once('drain', goOn);
    if (heldBytes <= HELD_BYTES_MAX) node.resume();
    wait();
  };
  const goOn = (): void => {
    isFull = false;
    sendDue();
  };
  const wait = (): void => {
    const [next] = held;
    if (next === undefined || timer !== undefined || isFull) return;
    timer = setTimeout(sendDue, Math.ceil(next.dueMs - performance.now()));
  };

  return {
    take: (bytes: Buffer): void => {
      const delay = delayMs();
      if (delay === 0 && held.length === 0) return passOn(node, client, bytes);
      // An answer never overtakes the one before it, also when the delay has just become shorter.
      const dueMs = Math.max(performance.now() + delay, held.at(-1)?.dueMs ?? 0);
      held.push({ bytes, dueMs });
      heldBytes += bytes.byteLength;
      if (heldBytes > HELD_BYTES_MAX) node.pause();
      wait();
    },
    stop: (): void => clearTimeout(timer),
  };
};
