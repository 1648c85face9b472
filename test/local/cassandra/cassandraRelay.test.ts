import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type CassandraRelay, createCassandraRelay } from '../../../local/cassandra/cassandraRelay.ts';
import { findFreePort } from '../../../local/ports.ts';
import { until } from '../../../proof/until.ts';
import { errorOf } from '../../support/errorOf.ts';
import { takePort } from '../../support/takePort.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** What stands in for Cassandra: it answers each byte with the same byte. */
const startEcho = async (onSocket: (socket: Socket) => void = (socket) => socket.pipe(socket)) => {
  const server: Server = createServer((socket) => {
    ends.push(() => socket.destroy());
    socket.on('error', () => {});
    onSocket(socket);
  });
  ends.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

const startRelay = async (): Promise<{ relay: CassandraRelay; port: number }> => {
  const port = await findFreePort();
  const relay = createCassandraRelay(port);
  ends.push(relay.close);
  return { relay, port };
};

const openClient = async (port: number) => {
  const socket = connect(port, '127.0.0.1');
  ends.push(() => socket.destroy());
  let got = '';
  let isClosed = false;
  socket.on('data', (bytes) => void (got += bytes.toString()));
  socket.on('error', () => {});
  socket.once('close', () => void (isClosed = true));
  await once(socket, 'connect');
  return { socket, got: () => got, isClosed: () => isClosed };
};

describe('the relay in front of Cassandra', () => {
  it('passes everything on, in both directions', async () => {
    const { relay, port } = await startRelay();
    await relay.open(await startEcho());
    const { socket, got } = await openClient(port);
    const large = 'x'.repeat(8 * 1024 * 1024);

    socket.write(large);

    await until('all of it', () => got().length === large.length);
  });

  it('holds answers back, and keeps their order when the delay becomes shorter', async () => {
    const { relay, port } = await startRelay();
    await relay.open(await startEcho());
    const { socket, got } = await openClient(port);
    relay.slow(150);
    const sentAt = performance.now();
    socket.write('a');
    await until('the first answer', () => got() === 'a');
    const tookMs = performance.now() - sentAt;

    socket.write('b');
    await new Promise((resolve) => setTimeout(resolve, 50));
    relay.slow(0);
    socket.write('c');
    await until('both', () => got().length === 3);

    expect(tookMs).toBeGreaterThan(145);
    expect(got()).toBe('abc');
  });

  it.for([
    ['nobody gets yet', 10_000],
    ['the client does not read', 1],
  ] as const)('reads no more than some megabytes of answers that %s', async ([, delayMs]) => {
    let written = 0;
    const { relay, port } = await startRelay();
    await relay.open(
      await startEcho((socket) => {
        const chunk = Buffer.alloc(256 * 1024);
        const more = (): void => {
          while (written < 200 * 1024 * 1024 && socket.write(chunk)) written += chunk.length;
        };
        socket.on('drain', more);
        more();
      }),
    );
    relay.slow(delayMs);
    const { socket } = await openClient(port);
    if (delayMs === 1) socket.pause();

    let last = -1;
    await until('a sender that waits', async () => {
      const isSame = written === last;
      last = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
      return isSame && written > 0;
    });

    expect(written).toBeLessThan(40 * 1024 * 1024);
  });

  it('refuses connections while it is closed, as a Cassandra that is down', async () => {
    const { relay, port } = await startRelay();
    const cassandra = await startEcho();
    await relay.open(cassandra);
    const { socket, got } = await openClient(port);

    relay.close();
    const refused = await errorOf(openClient(port));
    socket.write('a');
    await until('an answer on the old connection', () => got() === 'a');
    await relay.open(cassandra);
    const again = await openClient(port);
    again.socket.write('b');
    await until('an answer on a new connection', () => again.got() === 'b');

    expect(refused.message).toContain('ECONNREFUSED');
  });

  it('closes a connection when either side is gone', async () => {
    const { relay, port } = await startRelay();
    const nodes: Socket[] = [];
    const cassandra = await startEcho((socket) => void nodes.push(socket));
    await relay.open(cassandra);
    const [first, second] = [await openClient(port), await openClient(port)];
    await until('both at Cassandra', () => nodes.length === 2);

    nodes[0]?.resetAndDestroy();
    await until('the end at one client', () => first.isClosed() || second.isClosed());
    (first.isClosed() ? second : first).socket.resetAndDestroy();

    await until('the end at Cassandra', () => nodes.every(({ destroyed }) => destroyed));
  });

  it('says when its port is taken', async () => {
    const { port, close } = await takePort();
    ends.push(() => void close());

    expect((await errorOf(createCassandraRelay(port).open(1))).message).toContain('EADDRINUSE');
  });
});
