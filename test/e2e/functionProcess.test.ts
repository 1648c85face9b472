import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../local/localPart.ts';
import { findFreePort } from '../../local/ports.ts';
import { ProcessEndedError } from '../../local/processEndedError.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { startFunction } from '../../local/startFunction.ts';
import { orderBody } from '../support/messages/bodies.ts';
import { until } from '../../proof/until.ts';

const PROJECT_ID = 'tally-process-test';

/** A function as it is deployed: a process behind the Functions Framework. */
describe('a function’s process', () => {
  let folder = '';
  let store: LocalPart;
  const parts: LocalPart[] = [];

  const start = async (name: 'onOrder' | 'onDlq', env: Record<string, string> = {}) => {
    const logFile = join(folder, `${name}-${parts.length}.log`);
    const part = await startFunction({
      name,
      port: await findFreePort(),
      logFile,
      onLine: () => {},
      env: {
        ...store.env,
        PUBSUB_EMULATOR_HOST: inject('pubsub') ?? '',
        GOOGLE_CLOUD_PROJECT: PROJECT_ID,
        METADATA_SERVER_DETECTION: 'none',
        ...env,
      },
    });
    parts.push(part);
    return { part, url: `http://${part.address}`, log: () => readFile(logFile, 'utf8') };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-process-'));
    store = await startMemoryStore('the test');
    await provision({
      projectId: PROJECT_ID,
      pubsub: inject('pubsub') ?? '',
      functionUrls: {},
      isGoogleEmulator: true,
    });
  });
  afterAll(async () => {
    for (const part of parts) await part.stop();
    await store.stop();
    await rm(folder, { recursive: true });
  });

  it('acks a push without loading the Pub/Sub client', async () => {
    const { url, log } = await start('onOrder', { NODE_DEBUG: 'module' });

    const response = await fetch(url, push(orderBody(1)));

    expect(response.status).toBe(204);
    const lines = await until(
      'the outcome line',
      async () => (await log()).includes('message settled') && log(),
    );
    expect(lines).not.toContain('@grpc/grpc-js');
  });

  it.for([
    ['a PUT', { method: 'PUT' }, 405, 'expected POST, got PUT'],
    ['a web page', { method: 'POST', headers: { origin: 'https://evil.example' } }, 403, 'without an Origin'],
    ['no JSON', { method: 'POST', body: '4111111111111111 {' }, 400, '18 bytes that are not JSON'],
    ['no message', { method: 'POST', body: '{"subscription":"s"}' }, 400, 'message'],
    [
      'data that is not base64',
      { method: 'POST', body: JSON.stringify({ subscription: 's', message: { data: '*' } }) },
      400,
      'expected standard base64',
    ],
    ['17 MB', { method: 'POST', body: 'x'.repeat(17 * 1024 * 1024) }, 413, 'expected at most 16777216 bytes'],
  ] as const)(
    'refuses %s with a clear answer and a log line that quotes nothing',
    async ([, init, status, words]) => {
      const { url, log } = await start('onOrder');

      const response = await fetch(url, { headers: { 'content-type': 'application/json' }, ...init });

      expect(response.status).toBe(status);
      expect(await response.text()).toContain(words);
      const lines = await until(
        'the log line',
        async () => (await log()).includes('request refused') && log(),
      );
      expect(lines).toContain(`"status":${status}`);
      expect(lines).not.toContain('4111111111111111');
    },
  );

  it('answers a probe without a log line', async () => {
    const { url, log } = await start('onOrder');

    const response = await fetch(url);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('onOrder is up. It takes POST.\n');
    expect(await log()).not.toContain('refused');
  });

  it('does not unpack a packed body, which could hold gigabytes', async () => {
    const { url } = await start('onOrder');
    const packed = gzipSync(JSON.stringify({ subscription: 's', message: {} }));

    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: new Uint8Array(packed),
    });

    expect(response.status).toBe(400);
    expect(await response.text()).toContain(`${packed.byteLength} bytes that are not JSON`);
  });

  it('does not start when the file of certificate authorities is missing', async () => {
    const env = { CASSANDRA_CONTACT_POINTS: '127.0.0.1', TALLY_MEMORY_STORE_URL: '' };
    const tls = { CASSANDRA_TLS: 'on', CASSANDRA_TLS_CA_FILE: join(folder, 'missing.pem') };

    const failed = await start('onOrder', { ...env, ...tls }).catch((error: unknown) => error);

    expect(lastLinesOf(failed)).toContain('CASSANDRA_TLS_CA_FILE: cannot read');
  });

  it('dead-letters a message of 10 MB', async () => {
    const { url, log } = await start('onOrder');

    const response = await fetch(url, push({ ...orderBody(2), note: 'x'.repeat(9_900_000) }));

    expect(response.status).toBe(204);
    const lines = await until(
      'the outcome line',
      async () => (await log()).includes('message settled') && log(),
    );
    expect(lines).toContain('"outcome":"invalid"');
    expect(lines).toContain('expected at most 1048576 bytes');
  });

  it('finishes the requests in flight when it is stopped, and then ends', async () => {
    const slow = await startSlowStore();
    const { part, url, log } = await start('onOrder', slow.env);
    const answers = [3, 4, 5].map((orderId) => fetch(url, push(orderBody(orderId))));
    await until('three requests in the store', () => slow.waiting() === 3);

    const stopping = part.stop();
    await until('the process to drain', async () => (await log()).includes('"message":"draining"'));
    slow.release();
    await stopping;

    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
    expect(statuses).toEqual([204, 204, 204]);
    expect(await log()).toContain('"message":"drained"');
    await slow.stop();
  });

  it('does not start with a wrong configuration, and names every mistake', async () => {
    const settings = { LOG_LEVEL: 'loud', PUBSUB_EMULATOR_HOST: 'nowhere' };

    const failed = await start('onDlq', settings).catch((error: unknown) => error);

    const said = lastLinesOf(failed);
    expect(said).toContain('LOG_LEVEL: expected one of debug, info, warn, error, got "loud"');
    expect(said).toContain(
      'PUBSUB_EMULATOR_HOST: expected host:port, such as localhost:8085, and no address in brackets, got "nowhere"',
    );
  });

  it('starts in a folder whose name means something else in a URL', async () => {
    const project = join(import.meta.dirname, '../..');
    const copy = join(folder, 'C# 100%25 ?');
    for (const part of ['functions', 'local', 'shared', 'package.json'])
      await cp(join(project, part), join(copy, part), { recursive: true });
    await symlink(join(project, 'node_modules'), join(copy, 'node_modules'));
    const options = {
      name: 'onOrder',
      port: await findFreePort(),
      logFile: join(folder, 'copy.log'),
      env: store.env,
    };
    const { href } = pathToFileURL(join(copy, 'local/startFunction.ts'));
    const program = [
      `const { startFunction } = await import('${href}');`,
      `const { why, stop } = await startFunction({ ...${JSON.stringify(options)}, onLine: () => {} });`,
      `await stop();`,
      `console.log(why);`,
    ];

    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', program.join('')]);

    expect(stdout.trim()).toBe('functions/onOrder in its own process');
  });
});

/** What a process that ended said at last. */
const lastLinesOf = (failed: unknown): string => {
  if (!(failed instanceof ProcessEndedError)) throw new Error('the process did not end', { cause: failed });
  return failed.lastLines.join('\n');
};

const push = (body: unknown): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    subscription: `projects/${PROJECT_ID}/subscriptions/orders_data-sub`,
    message: {
      data: Buffer.from(JSON.stringify(body)).toString('base64'),
      messageId: '17',
      publishTime: '2026-11-24T03:00:00.000Z',
    },
  }),
});

/** A memory store that delays every write until the test releases it. */
const startSlowStore = async () => {
  const { createServer } = await import('node:http');
  const { serialize } = await import('node:v8');
  const released = Promise.withResolvers<void>();
  let waiting = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.url !== '/recordEntry') {
      response.end(serialize({ entries: [], isWhole: true }));
      return;
    }
    waiting += 1;
    void released.promise.then(() => response.end(serialize(undefined)));
  });
  const port = await findFreePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    env: { TALLY_MEMORY_STORE_URL: `http://127.0.0.1:${port}` },
    waiting: () => waiting,
    release: released.resolve,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
};
