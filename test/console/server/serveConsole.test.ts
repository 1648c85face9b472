import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, type Route } from '../../../console/server/route.ts';
import { TransientError } from '../../../shared/errors.ts';
import { startTestConsole, type TestConsole } from '../../support/console/startTestConsole.ts';

const CARD = '4111111111111111';
const BODY_TIMEOUT_MS = 200;

let acts: unknown[];
let page: TestConsole;
const fail =
  (error: Error): (() => Promise<never>) =>
  async () => {
    throw error;
  };
const ROUTES: readonly Route[] = [
  { method: 'GET', path: '/api/place', handle: async () => answer({ id: 9_223_372_036_854_775_807n }) },
  { method: 'GET', path: '/api/orders/:id', handle: async ({ params }) => answer(params) },
  {
    method: 'POST',
    path: '/api/act',
    handle: async ({ body }) => {
      acts.push(body);
      return answer({ done: true });
    },
  },
  { method: 'GET', path: '/api/bug', handle: fail(new Error(`cannot read ${CARD}`)) },
  { method: 'GET', path: '/api/away', handle: fail(new TransientError('no host')) },
];
beforeEach(async () => {
  acts = [];
  page = await startTestConsole(ROUTES, { bodyTimeoutMs: BODY_TIMEOUT_MS });
});
afterEach(() => page.stop());

/** What the page sends with an act. */
const headersOf = async (): Promise<Record<string, string>> => ({
  Host: `127.0.0.1:${page.port}`,
  Origin: `http://127.0.0.1:${page.port}`,
  'Sec-Fetch-Site': 'same-origin',
  'Content-Type': 'application/json',
  'X-Tally-Token': await page.token(),
});
const act = async (changes: Readonly<Record<string, string>>, body: string | Uint8Array = '{"order":"17"}') =>
  page.ask('/api/act', { method: 'POST', headers: { ...(await headersOf()), ...changes }, body });

describe('the console', () => {
  it('gives its page a token, and does what the page asks with it', async () => {
    expect(await act({})).toMatchObject({ status: 200, text: '{"done":true}' });
    expect(acts).toEqual([{ order: '17' }]);
  });

  it('answers with ids as texts, which a browser reads without loss', async () => {
    expect((await page.ask('/api/place')).text).toBe('{"id":"9223372036854775807"}');
  });

  it.for([
    ['gzip, deflate, br', 'br'],
    ['gzip', 'gzip'],
    ['identity', undefined],
  ])('packs its files for a browser that takes %s', async ([accepted, encoding]) => {
    const { headers } = await page.ask('/page/main.ts', { headers: { 'Accept-Encoding': accepted ?? '' } });

    expect(headers['content-encoding']).toBe(encoding);
  });

  it('lets nothing be loaded from elsewhere, framed, kept or read by other sites', async () => {
    const { headers } = await page.ask('/');

    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toMatch(/https?:/);
    for (const path of ['/', '/page/main.ts', '/api/place', '/nothing']) {
      expect((await page.ask(path)).headers).toMatchObject({
        'cache-control': 'no-store',
        'cross-origin-resource-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
    }
  });
});

describe('a request of another site', () => {
  it.for<[string, Record<string, string>]>([
    ['by its Origin', { Origin: 'https://evil.example' }],
    ['by an Origin of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['by the Origin of a sandbox', { Origin: 'null' }],
    ['by a host that only begins like this one', { Origin: 'http://127.0.0.1.evil.example' }],
    ['by what its browser says', { 'Sec-Fetch-Site': 'cross-site' }],
    ['of the same site, by what its browser says', { 'Sec-Fetch-Site': 'same-site' }],
    // What a browser sends after DNS rebinding: to it, the two are one site.
    ['by a name that leads here', { Host: 'evil.example:PORT', Origin: 'http://evil.example:PORT' }],
    ['by a name without this port', { Host: 'localhost', Origin: 'http://localhost' }],
    ['by the port of another', { Host: '127.0.0.1:1', Origin: 'http://127.0.0.1:1' }],
  ])('is refused %s', async ([, wrong]) => {
    const changes = Object.fromEntries(
      Object.entries(wrong).map(([name, value]) => [name, value.replaceAll('PORT', String(page.port))]),
    );

    const { status, text: said } = await act(changes);

    expect([status, acts]).toEqual([403, []]);
    expect(JSON.parse(said)).toEqual({ error: expect.stringMatching(/^expected /) });
    expect((await page.ask('/api/place', { headers: { ...(await headersOf()), ...changes } })).status).toBe(
      403,
    );
  });

  it('may lead to the page, and to nothing else', async () => {
    const link = {
      'Sec-Fetch-Site': 'cross-site',
      'Sec-Fetch-Mode': 'navigate',
      'Sec-Fetch-Dest': 'document',
    };

    expect((await page.ask('/', { headers: link })).status).toBe(200);
    expect((await page.ask('/', { headers: { ...link, 'Sec-Fetch-Dest': 'iframe' } })).status).toBe(403);
    expect((await page.ask('/api/place', { headers: link })).status).toBe(403);
    expect((await page.ask('/api/frames', { headers: link })).status).toBe(403);
  });

  it.for(['localhost', '[::1]', 'LOCALHOST'])('is not what one by the name %s is', async (name) => {
    const host = `${name}:${page.port}`;

    expect((await act({ Host: host, Origin: `http://${host}` })).status).toBe(200);
  });
});

describe('a request that acts', () => {
  it.for(['', 'x', 'A'.repeat(43), ' '])('is refused with the token %j', async (token) => {
    const { status, text: said } = await act({ 'X-Tally-Token': token });

    expect([status, acts]).toEqual([403, []]);
    expect(said).toContain('load the page again');
  });

  it('is refused without a token, and with that of another server', async () => {
    const { 'X-Tally-Token': _, ...without } = await headersOf();
    const other = await startTestConsole(ROUTES);
    const token = await other.token();
    await other.stop();

    const statuses = [
      (await page.ask('/api/act', { method: 'POST', headers: without, body: '{}' })).status,
      (await act({ 'X-Tally-Token': token })).status,
    ];

    expect([statuses, acts]).toEqual([[403, 403], []]);
    expect(token).toMatch(/^[\w-]{43}$/);
  });

  it.for<[string, number, Record<string, string>, string | Uint8Array]>([
    ['that is no JSON', 400, {}, '{"order":'],
    ['that is not UTF-8', 400, {}, new Uint8Array([0x22, 0xff, 0x22])],
    ['of another type', 415, { 'Content-Type': 'text/plain' }, '{}'],
    ['of a form', 415, { 'Content-Type': 'application/x-www-form-urlencoded' }, 'a=1'],
    ['of a type that begins like JSON', 415, { 'Content-Type': 'application/json-patch+json' }, '{}'],
    ['that is too large', 413, {}, `"${'x'.repeat(256 * 1024)}"`],
    ['that is too large in pieces', 413, { 'Transfer-Encoding': 'chunked' }, `"${'x'.repeat(256 * 1024)}"`],
  ])('is refused with a body %s', async ([, status, headers, body]) => {
    const refused = await act(headers, body);

    expect([refused.status, acts]).toEqual([status, []]);
    expect(JSON.parse(refused.text)).toEqual({ error: expect.stringMatching(/^expected /) });
  });

  it('is not quoted when it is no JSON: it may hold a card number', async () => {
    expect((await act({}, `{"card": ${CARD}x`)).text).not.toContain(CARD);
  });

  it('is refused when its body takes too long, and does not hold the server up', async () => {
    const headers = Object.entries({ ...(await headersOf()), 'Content-Length': '10' });
    const socket = connect(page.port, '127.0.0.1');
    socket.write(
      `POST /api/act HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{`,
    );

    const said = await text(socket);

    expect(said).toMatch(/^HTTP\/1\.1 408 /);
    expect(said).toContain(`expected the whole body within ${BODY_TIMEOUT_MS} ms`);
    expect(acts).toEqual([]);
  });
});

describe('what is not there', () => {
  it.for<[string, string, number]>([
    ['GET', '/nothing', 404],
    ['GET', '/api/nothing', 404],
    ['POST', '/api/nothing', 404],
    ['GET', '/api/orders/', 404],
    ['GET', '/api/orders/%E0%A4%A', 404],
    ['GET', '/api/act', 405],
    ['DELETE', '/api/orders/17', 405],
    ['POST', '/', 405],
    ['OPTIONS', '/page/main.ts', 405],
    ['GET', '//evil.example/page/main.ts', 400],
    ['GET', 'http://evil.example/page/main.ts', 400],
  ])('%s %s is answered with %i', async ([method, path, status]) => {
    const refused = await page.ask(path, { method });

    expect(refused.status).toBe(status);
    expect(JSON.parse(refused.text)).toEqual({ error: expect.any(String) });
    expect(refused.headers.allow !== undefined).toBe(status === 405);
  });

  it('a part of a path is decoded once', async () => {
    expect((await page.ask('/api/orders/a%2Fb%2525')).text).toBe('{"id":"a/b%25"}');
  });
});

describe('an error', () => {
  it('of the code is told masked, without its stack, and reported', async () => {
    const { status, text: said } = await page.ask('/api/bug');

    expect(status).toBe(500);
    expect(said).toMatch(/^\{"error":"Error: cannot read [^"]+"\}$/);
    expect(said).not.toContain(CARD);
    expect(page.bugs).toEqual([{ error: expect.any(String), stack: expect.any(String) }]);
    expect(JSON.stringify(page.bugs)).not.toContain(CARD);
  });

  it('of the world is told as one that may pass', async () => {
    expect(await page.ask('/api/away')).toMatchObject({
      status: 503,
      text: '{"error":"no host"}',
    });
    expect(page.bugs).toEqual([]);
  });
});

describe('a client that leaves', () => {
  it('before its answer has found no bug', async () => {
    const begun = Promise.withResolvers<AbortSignal>();
    const slow = await startTestConsole([
      {
        method: 'GET',
        path: '/api/slow',
        handle: async ({ signal }) => {
          begun.resolve(signal);
          await once(signal, 'abort');
          signal.throwIfAborted();
          return answer({});
        },
      },
    ]);
    const sent = request({ port: slow.port, host: '127.0.0.1', path: '/api/slow' });
    sent.on('error', () => {}).end();
    const signal = await begun.promise;

    sent.destroy();

    await once(signal, 'abort');
    await slow.stop();
    expect(slow.bugs).toEqual([]);
  });

  it('in the middle of its body has found no bug, and nothing is done', async () => {
    const socket = connect(page.port, '127.0.0.1');
    const headers = Object.entries({ ...(await headersOf()), 'Content-Length': '10' });
    socket.write(
      `POST /api/act HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n{`,
    );
    const [, response] = await once(page.server, 'request');

    socket.destroy();

    await once(response, 'close');
    await page.ask('/api/place');
    expect([page.bugs, acts]).toEqual([[], []]);
  });
});
