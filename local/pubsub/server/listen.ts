import { createServer, type Server, type Socket } from 'node:net';

/** With these bytes an HTTP/2 connection begins: https://www.rfc-editor.org/rfc/rfc9113#section-3.4 */
const HTTP2_PREFACE = 'PRI';
/** A connection that has sent nothing is closed after so long. */
const FIRST_BYTES_TIMEOUT_MS = 60_000;
/** So many connections are open at once. One more is closed, and a warning says so. */
const CONNECTIONS_MAX = 2_000;

interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** Takes a connection that speaks HTTP/2. */
  readonly onHttp2: (socket: Socket) => void;
  /** Takes any other connection. */
  readonly onHttp1: (socket: Socket) => void;
}

/**
 * Listens on one port for both HTTP/1.1 and HTTP/2 without TLS. The first bytes of a connection tell which.
 * @returns a function that closes the port and all connections.
 * @throws Error when the port is taken, or this machine has no such address.
 */
export const listen = async ({ host, port, onHttp1, onHttp2 }: ListenOptions): Promise<() => void> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    handOver(socket, (isHttp2) => (isHttp2 ? onHttp2 : onHttp1)(socket));
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('drop', () => {
    process.emitWarning(`a connection to port ${port} was closed: ${CONNECTIONS_MAX} are open already`);
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, () => resolve());
  await promise;
  return () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
};

/** Looks at the first bytes, puts them back, and hands the socket over without any listener of its own. */
const handOver = (socket: Socket, take: (isHttp2: boolean) => void): void => {
  let seen = Buffer.alloc(0);
  const end = (): void => void socket.destroy();
  const look = (): void => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    seen = Buffer.concat([seen, bytes]);
    const text = seen.toString('latin1', 0, HTTP2_PREFACE.length);
    if (text.length < HTTP2_PREFACE.length && HTTP2_PREFACE.startsWith(text)) return;
    socket.setTimeout(0);
    socket.off('readable', look).off('timeout', end).off('error', end).off('end', end);
    socket.unshift(seen);
    take(text === HTTP2_PREFACE);
  };
  socket.setTimeout(FIRST_BYTES_TIMEOUT_MS);
  socket.on('readable', look).on('timeout', end).on('error', end).on('end', end);
};
