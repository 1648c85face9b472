import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type RequestOptions, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../../../proof/until.ts';
import { REQUEST_BYTES_MAX } from '../../../shared/bodyText.ts';
import { createByteBudget, REQUEST_OVERHEAD_BYTES } from '../../../shared/http/byteBudget.ts';
import { createListener } from '../../../shared/http/createListener.ts';
import type { HttpHandler } from '../../../shared/http/httpHandler.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

interface Setting {
  readonly handle?: HttpHandler;
  readonly budgetBytes?: number;
  readonly isLocal?: boolean;
  readonly bodyTimeoutMs?: number;
}

/** In bytes, without what can be collected. */
const memoryInUse = (): number => {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** A server whose handler answers with the number of bytes that it got. */
const serve = async ({ handle, budgetBytes, isLocal = false, bodyTimeoutMs }: Setting = {}) => {
  const { log, lines } = createRecordingLog();
  const echo: HttpHandler = ({ method, rawBody }, response) => {
    response.end(`${method} ${rawBody?.byteLength}`);
  };
  const listen = createListener({
    name: 'onOrder',
    handle: handle ?? echo,
    log,
    budget: createByteBudget(budgetBytes),
    isLocal,
    ...(bodyTimeoutMs === undefined ? {} : { bodyTimeoutMs }),
  });
  server = createServer((incoming, response) => void listen(incoming, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const open = (options: RequestOptions = {}) => {
    const sent = request({ port, host: '127.0.0.1', method: 'POST', agent: false, ...options });
    // A server that refuses a body may close the connection before all of it was sent.
    sent.on('error', () => {});
    const answered = once(sent, 'response').then(async ([response]: IncomingMessage[]) => ({
      status: response?.statusCode,
      headers: response?.headers,
      body: response === undefined ? '' : await text(response),
    }));
    return { sent, answered };
  };
  const send = (body: string | Buffer, options: RequestOptions = {}) => {
    const { sent, answered } = open(options);
    sent.end(body);
    return answered;
  };
  return {
    port,
    open,
    send,
    said: () => lines().map(({ severity, message, status }) => [severity, message, status]),
  };
};

describe('a function’s listener', () => {
  it.each(['GET', 'HEAD'])('answers the probe %s with 200, and logs nothing', async (method) => {
    const { send, said } = await serve();

    const answer = await send('', { method });

    expect(answer.status).toBe(200);
    expect(answer.body).toBe(method === 'GET' ? 'onOrder is up. It takes POST.\n' : '');
    expect(said()).toEqual([]);
  });

  it.each(['POST', 'PUT', 'PATCH'])('gives %s to the function', async (method) => {
    const { send } = await serve();

    expect(await send('four', { method })).toMatchObject({ status: 200, body: `${method} 4` });
  });

  it('gives a body without a length to the function as a whole', async () => {
    const { open } = await serve();
    const { sent, answered } = open();

    sent.write('two');
    sent.end(' pieces');

    expect((await answered).body).toBe('POST 10');
  });

  it('answers 500 for a function that throws, and says nothing of it to the caller', async () => {
    const { send, said } = await serve({ handle: () => Promise.reject(new Error('secret')) });

    expect(await send('')).toMatchObject({ status: 500, body: '{"error":"internal error"}' });
    expect(said()).toEqual([['ERROR', 'request failed', undefined]]);
  });

  it.each([
    ['an Origin', { origin: 'https://evil.example' }],
    ['a foreign Host', { host: 'evil.example' }],
  ])('refuses a request with %s on a laptop, and answers it elsewhere', async (_what, headers) => {
    const laptop = await serve({ isLocal: true });
    expect(await laptop.send('{}', { headers })).toMatchObject({ status: 403 });
    expect(await laptop.send('{}')).toMatchObject({ status: 200 });
    expect(laptop.said()).toEqual([['WARNING', 'request refused', 403]]);
    server?.close();

    const cloud = await serve();
    expect(await cloud.send('{}', { headers })).toMatchObject({ status: 200 });
  });
});

describe('a body that is too large', () => {
  it('is refused by its length, before it is sent', async () => {
    const { open, said } = await serve();
    const { sent, answered } = open({ headers: { 'content-length': REQUEST_BYTES_MAX + 1 } });

    sent.flushHeaders();

    expect(await answered).toMatchObject({ status: 413 });
    expect(said()).toEqual([['WARNING', 'request refused', 413]]);
    sent.destroy();
  });

  it('is refused as soon as too much has come, when it said no length', async () => {
    const { open } = await serve();
    const { sent, answered } = open();

    sent.write(Buffer.alloc(REQUEST_BYTES_MAX));
    sent.write('!');

    expect(await answered).toMatchObject({ status: 413 });
    sent.destroy();
  });

  it('is not kept once it is refused, whatever its client still sends', async () => {
    const { port } = await serve();
    const before = memoryInUse();
    const sockets = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
    for (const socket of sockets) {
      socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n');
      socket.write(`${(2 * REQUEST_BYTES_MAX).toString(16)}\r\n`);
      socket.write(Buffer.alloc(REQUEST_BYTES_MAX + 1));
      await until('the refusal', () => String(socket.read() ?? '').includes(' 413 '));
    }

    await until('free memory', () => {
      // Node would close a connection on which nothing comes.
      for (const socket of sockets) socket.write('!');
      return memoryInUse() - before < REQUEST_BYTES_MAX;
    });
    for (const socket of sockets) socket.destroy();
  });

  it('is read at the limit', async () => {
    const { send } = await serve();

    expect((await send(Buffer.alloc(REQUEST_BYTES_MAX))).body).toBe(`POST ${REQUEST_BYTES_MAX}`);
  });
});

describe('more bytes than the budget has', () => {
  const bodyBytes = 100_000;
  /** A body that does not say its length takes up to twice its bytes while it grows. */
  const roomForOne = { budgetBytes: 2 * bodyBytes - 1 + REQUEST_OVERHEAD_BYTES };

  /** A handler that holds its answers back. */
  const createGate = () => {
    const held: (() => void)[] = [];
    const handle: HttpHandler = (_request, response) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.push(() => {
        response.end('done');
        resolve();
      });
      return promise;
    };
    return { handle, held };
  };

  it.each([
    ['by its length', { 'content-length': String(bodyBytes) }],
    ['while it is read', { 'transfer-encoding': 'chunked' }],
  ])('are refused with a word when to come again, %s, until a request is done', async (_how, headers) => {
    const { handle, held } = createGate();
    const { send } = await serve({ handle, ...roomForOne });
    const body = Buffer.alloc(bodyBytes);
    const first = send(body, { headers });
    await until('the first request', () => held.length === 1);

    const second = await send(body, { headers });

    expect(second).toMatchObject({ status: 429 });
    expect(second.headers?.['retry-after']).toBe('1');
    held[0]?.();
    expect(await first).toMatchObject({ status: 200 });
    const third = send(body, { headers });
    await until('the third request', () => held.length === 2);
    held[1]?.();
    expect(await third).toMatchObject({ status: 200 });
  });

  it('are given back by a client that goes away in the middle', async () => {
    const { open, send } = await serve(roomForOne);
    const { sent, answered } = open({ headers: { 'content-length': bodyBytes } });
    sent.write('half');
    sent.destroy();
    await expect(answered).rejects.toThrow('socket hang up');

    await until('room', async () => (await send(Buffer.alloc(bodyBytes))).status === 200);
  });

  it('are nearly all that a body takes, in however small pieces it comes', async () => {
    const { handle, held } = createGate();
    const { open } = await serve({ handle });
    const before = memoryInUse();
    const { sent, answered } = open({ headers: { 'transfer-encoding': 'chunked' } });

    for (let piece = 0; piece < bodyBytes; piece += 1) sent.write(' ');
    sent.end();

    await until('the request', () => held.length === 1);
    await until('free memory', () => memoryInUse() - before < 50 * bodyBytes);
    held[0]?.();
    await answered;
  });

  it('are given back by a client that announces a body and does not send it', async () => {
    const { open, send, said } = await serve({ ...roomForOne, bodyTimeoutMs: 50 });
    const { sent, answered } = open({ headers: { 'content-length': bodyBytes } });
    sent.write('half');

    expect(await answered).toMatchObject({ status: 408 });

    expect(said()).toEqual([['WARNING', 'request refused', 408]]);
    expect(await send(Buffer.alloc(bodyBytes))).toMatchObject({ status: 200 });
    sent.destroy();
  });

  it('count a request without a body too', async () => {
    const { handle, held } = createGate();
    const { send } = await serve({ handle, budgetBytes: REQUEST_OVERHEAD_BYTES });
    const first = send('');
    await until('the first request', () => held.length === 1);

    expect(await send('')).toMatchObject({ status: 429 });

    held[0]?.();
    await first;
  });
});
