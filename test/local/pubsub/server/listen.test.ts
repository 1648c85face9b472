import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../../../local/ports.ts';
import { listen } from '../../../../local/pubsub/server/listen.ts';
import { until } from '../../../../proof/until.ts';

const start = async () => {
  const port = await findFreePort();
  const seen: string[] = [];
  const take = (name: string) => (socket: Socket) =>
    socket.on('data', (bytes) => seen.push(`${name} ${bytes.toString()}`));
  const close = await listen({ host: '127.0.0.1', port, onHttp1: take('HTTP/1'), onHttp2: take('HTTP/2') });
  onTestFinished(close);
  const socket = connect(port, '127.0.0.1').setNoDelay();
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  return { port, seen, socket, close };
};

describe('one port', () => {
  it.for<[string, string]>([
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'HTTP/2'],
    ['PUT /v1/projects/p/topics/t HTTP/1.1\r\n', 'HTTP/1'],
    ['GET / HTTP/1.1\r\n', 'HTTP/1'],
    ['\u0016\u0003\u0001', 'HTTP/1'],
  ])('tells by the first bytes who speaks, and passes them on: %j', async ([text, name]) => {
    const { seen, socket } = await start();

    socket.write(text);

    await until('the bytes', () => seen.length > 0);
    expect(seen).toEqual([`${name} ${text}`]);
  });

  it.for<[string, string, string]>([
    ['P', 'RI * HTTP/2.0', 'HTTP/2'],
    ['PR', 'OPFIND / HTTP/1.1', 'HTTP/1'],
    ['P', 'OST / HTTP/1.1', 'HTTP/1'],
  ])('waits for more after %j, which may begin either', async ([first, rest, name]) => {
    const { seen, socket } = await start();

    await new Promise<void>((resolve) => socket.write(first, () => resolve()));
    await until('a round trip of the event loop', () => socket.bytesWritten === first.length);
    socket.write(rest);

    await until('the bytes', () => seen.join('').length >= `${name} ${first}${rest}`.length);
    expect(seen).toEqual([`${name} ${first}${rest}`]);
  });

  it('closes all connections with it', async () => {
    const { socket, close, seen } = await start();
    socket.write('GET / HTTP/1.1\r\n');
    await until('the bytes', () => seen.length > 0);

    close();

    await until('the end', () => socket.destroyed);
  });

  it('is not shared: a second listener is refused', async () => {
    const { port } = await start();

    await expect(listen({ host: '127.0.0.1', port, onHttp1: () => {}, onHttp2: () => {} })).rejects.toThrow(
      'EADDRINUSE',
    );
  });
});
