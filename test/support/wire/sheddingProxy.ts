import { connect, createServer, type Socket } from 'node:net';

// https://cassandra.apache.org/doc/latest/cassandra/reference/native-protocol.html, version 4
const HEADER_BYTES = 9;
const LENGTH_OFFSET = 5;
const OPCODE_OFFSET = 4;
const EXECUTE = 0x0a;
const BATCH = 0x0d;
const OVERLOADED = 0x1001;

interface SheddingProxy {
  readonly port: number;
  /** From now on statements wait, as in the queue of an overloaded node. */
  readonly hold: () => void;
  readonly held: () => number;
  /**
   * Answers all waiting statements with an error on stream 0, even those that came on another stream.
   * Cassandra 5.0.8 does this when a statement waits longer than `native_transport_timeout`
   * (CASSANDRA-21508). Later statements pass.
   */
  readonly shed: () => void;
  readonly stop: () => void;
}

/** A proxy in front of a Cassandra that passes frames on, one by one. */
export const startSheddingProxy = async (cassandra: {
  readonly host: string;
  readonly port: number;
}): Promise<SheddingProxy> => {
  const sockets = new Set<Socket>();
  let isHolding = false;
  let held: Socket[] = [];

  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
    return socket;
  };
  const server = createServer((client) => {
    const upstream = keep(connect(cassandra.port, cassandra.host));
    keep(client);
    upstream.pipe(client);
    client.once('close', () => upstream.destroy());
    const onFrame = (frame: Buffer): void => {
      const isStatement = [EXECUTE, BATCH].includes(frame.readUInt8(OPCODE_OFFSET));
      if (isHolding && isStatement) held.push(client);
      else upstream.write(frame);
    };
    client.on('data', splitFrames(onFrame));
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy does not listen on a port');

  return {
    port: address.port,
    hold: () => {
      isHolding = true;
    },
    held: () => held.length,
    shed: () => {
      isHolding = false;
      for (const client of held) client.write(shedFrame());
      held = [];
    },
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
};

/** Makes whole frames from pieces of any size. */
const splitFrames = (onFrame: (frame: Buffer) => void): ((chunk: Buffer) => void) => {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= HEADER_BYTES) {
      const end = HEADER_BYTES + rest.readUInt32BE(LENGTH_OFFSET);
      if (rest.length < end) return;
      onFrame(rest.subarray(0, end));
      rest = rest.subarray(end);
    }
  };
};

const shedFrame = (): Buffer => {
  const text = Buffer.from('Query timed out before it could start');
  const body = Buffer.alloc(6 + text.length);
  body.writeUInt32BE(OVERLOADED, 0);
  body.writeUInt16BE(text.length, 4);
  text.copy(body, 6);
  const header = Buffer.from([0x84, 0, 0, 0, 0, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, LENGTH_OFFSET);
  return Buffer.concat([header, body]);
};
