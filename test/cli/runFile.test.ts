import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readRunFile, refuseSecondSystem, withRunningPubSub, withRunningSystem } from '../../cli/runFile.ts';

/** Above every process id that Linux gives. */
const NOBODY = 2 ** 22 + 1;

const RUN = {
  pid: process.pid,
  env: { CASSANDRA_CONTACT_POINTS: '127.0.0.1:9042', CASSANDRA_KEYSPACE: 'ecom_store' },
  simulateUrl: 'http://127.0.0.1:8083',
  console: 'http://127.0.0.1:8090/',
};

describe('what "tally up" says about itself', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-run-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const fileWith = async (text: string): Promise<string> => {
    const path = join(folder, 'run.json');
    await writeFile(path, text);
    return path;
  };

  it('is read while it runs', async () => {
    expect(await readRunFile(await fileWith(JSON.stringify(RUN)))).toEqual(RUN);
  });

  it('is nothing when it does not run, or died without a word', async () => {
    expect(await readRunFile(join(folder, 'missing.json'))).toBeUndefined();
    expect(await readRunFile(await fileWith(JSON.stringify({ ...RUN, pid: NOBODY })))).toBeUndefined();
  });

  it.for(['', '{"pid":', '{"pid":"x","env":{},"simulateUrl":"http://127.0.0.1:1"}', '[]'])(
    'is refused by its path, never by its content, when it holds %j',
    async (text) => {
      const path = await fileWith(text);

      await expect(readRunFile(path)).rejects.toThrow(`${path} is damaged: delete it`);
    },
  );

  it('keeps a second system out of its folder, by its process and its page', async () => {
    const page = createServer((_, response) => void response.end('the page'));
    await once(page.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void page.close());
    const { port } = page.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}/`;

    await expect(
      refuseSecondSystem(await fileWith(JSON.stringify({ ...RUN, console: url }))),
    ).rejects.toThrow(
      `a system runs here already (process ${process.pid}, ${url}): stop it, or set TALLY_RUN_FOLDER`,
    );
  });

  it.each([
    ['is missing', undefined],
    ['is damaged', '{'],
    ['is of a process that has ended', JSON.stringify({ ...RUN, pid: NOBODY })],
    // Process ids are given again. In a container the new system may get the one of the old.
    ['is of a process that has no page', JSON.stringify({ ...RUN, console: 'http://127.0.0.1:1/' })],
  ])('keeps nobody out when its file %s', async (_, text) => {
    await refuseSecondSystem(text === undefined ? join(folder, 'missing.json') : await fileWith(text));
  });

  it('is used where the user has set nothing', async () => {
    const file = await fileWith(JSON.stringify(RUN));

    expect(await withRunningSystem({ HOME: '/home/me' }, file)).toEqual({ HOME: '/home/me', ...RUN.env });
  });

  it('is missed in words that say what to do', async () => {
    const reading = withRunningSystem({ HOME: '/home/me' }, join(folder, 'missing.json'));

    await expect(reading).rejects.toThrow(
      'start one with "npm start", or set CASSANDRA_CONTACT_POINTS or CASSANDRA_SECURE_CONNECT_BUNDLE',
    );
  });

  it('gives way to each variable that the user has set, and an empty one is not set', async () => {
    const file = await fileWith(JSON.stringify(RUN));
    const set = { CASSANDRA_KEYSPACE: 'another', CASSANDRA_CONTACT_POINTS: ' ' };

    expect(await withRunningSystem(set, file)).toEqual({
      CASSANDRA_CONTACT_POINTS: '127.0.0.1:9042',
      CASSANDRA_KEYSPACE: 'another',
    });
  });

  it.for([
    { CASSANDRA_CONTACT_POINTS: 'db.example.com' },
    { CASSANDRA_SECURE_CONNECT_BUNDLE: '/bundle.zip' },
    { TALLY_MEMORY_STORE_URL: 'http://127.0.0.1:5000' },
  ])('is not even looked at where the user names a store: %j', async (env) => {
    const file = await fileWith('not looked at');

    expect(await withRunningSystem(env, file)).toEqual(env);
  });
});

describe('the Pub/Sub of a command', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-run-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const running = async (): Promise<string> => {
    const path = join(folder, 'run.json');
    const env = { PUBSUB_EMULATOR_HOST: '127.0.0.1:8085', GOOGLE_CLOUD_PROJECT: 'tally-local' };
    await writeFile(path, JSON.stringify({ ...RUN, env }));
    return path;
  };
  const missing = (): string => join(folder, 'missing.json');

  it('is the emulator that the user names, even while a system runs', async () => {
    const env = { PUBSUB_EMULATOR_HOST: '127.0.0.1:5000' };

    expect(await withRunningPubSub(env, await running())).toEqual(env);
  });

  it('is that of the running system rather than Google Cloud, whose project many shells name', async () => {
    const env = await withRunningPubSub({ GOOGLE_CLOUD_PROJECT: 'my-project' }, await running());

    expect(env).toEqual({ PUBSUB_EMULATOR_HOST: '127.0.0.1:8085', GOOGLE_CLOUD_PROJECT: 'my-project' });
  });

  it('is Google Cloud where no system runs and the user names a project', async () => {
    const env = { GOOGLE_CLOUD_PROJECT: 'my-project' };

    expect(await withRunningPubSub(env, missing())).toEqual(env);
  });

  it('is missed in words that say what to do', async () => {
    const reading = withRunningPubSub({ CASSANDRA_CONTACT_POINTS: 'db.example.com' }, missing());

    await expect(reading).rejects.toThrow(
      'no system runs here: start one with "npm start", or set PUBSUB_EMULATOR_HOST or GOOGLE_CLOUD_PROJECT',
    );
  });
});
