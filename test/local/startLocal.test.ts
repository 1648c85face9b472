import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { jarFolder } from '../../local/cassandra/downloadJars.ts';
import { findPortHolder } from '../../local/findPortHolder.ts';
import { findFreePorts, type LocalPorts } from '../../local/localPorts.ts';
import { assertPortFree } from '../../local/ports.ts';
import { FAULTS_OFF } from '../../local/pubsub/server/faults.ts';
import type { ProgressUpdate } from '../../local/progress.ts';
import { startLocal } from '../../local/startLocal.ts';
import { SystemStoppedError } from '../../local/systemStoppedError.ts';
import { errorOf } from '../support/errorOf.ts';
import { hasProgram } from '../support/hasProgram.ts';
import { takePort } from '../support/takePort.ts';

const hasLsof = await hasProgram('lsof', '-v');
let folder = '';
let progress: ProgressUpdate[] = [];
const closes: (() => Promise<void>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-local-'));
  progress = [];
});
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

type Options = Parameters<typeof startLocal>[0];

const options = async (changes: Partial<Options> = {}): Promise<Options> => ({
  cassandra: 'memory',
  pubsub: 'local',
  ports: await findFreePorts(),
  downloadFolder: folder,
  logFolder: join(folder, 'logs'),
  dataFolder: join(folder, 'data'),
  env: { PATH: process.env.PATH },
  progress: (update) => progress.push(update),
  ...changes,
});

const takenPort = async (): Promise<number> => {
  const { port, close } = await takePort();
  closes.push(close);
  return port;
};

/** Ports on which something listens. */
const takePorts = async (): Promise<LocalPorts> => ({
  cassandra: await takenPort(),
  pubsub: await takenPort(),
  functions: {
    onOrder: await takenPort(),
    onPayment: await takenPort(),
    onDlq: await takenPort(),
    simulate: await takenPort(),
  },
});

describe('before anything starts', () => {
  it.each(['maven', 'docker'] as const)(
    'all ports are checked, with Cassandra from %s',
    async (cassandra) => {
      const given = await options({ cassandra, ports: await takePorts() });

      const { message } = await errorOf(startLocal(given));

      const needed = message
        .split('\n')
        .map((line) => /which (\S+) needs, is taken.* with (\S+)$/.exec(line));
      expect(needed.map((match) => match?.slice(1))).toEqual([
        ['Cassandra', '--cassandra-port'],
        ['Pub/Sub', '--pubsub-port'],
        ['onOrder', '--functions-port'],
        ['onPayment', '--functions-port'],
        ['onDlq', '--functions-port'],
        ['simulate', '--functions-port'],
      ]);
      expect(progress).toEqual([]);
    },
  );

  it('ports are not checked that nobody here will listen on', async () => {
    const [taken, free] = [await takePorts(), await findFreePorts()];
    const functions = { ...free.functions, simulate: taken.functions.simulate };
    const given = await options({
      pubsub: 'external',
      ports: { ...taken, functions },
      env: { PUBSUB_EMULATOR_HOST: '127.0.0.1:1' },
    });

    const { message } = await errorOf(startLocal(given));

    expect(message.split('\n')).toEqual([expect.stringContaining('which simulate needs, is taken')]);
  });

  it.each([
    ['CASSANDRA_KEYSPACE', 'a-b'],
    ['LOG_LEVEL', 'loud'],
    ['GOOGLE_CLOUD_PROJECT', 'A'],
    ['PUBSUB_EMULATOR_HOST', 'foo'],
  ])('a malformed %s is refused', async (name, value) => {
    const given = await options({ cassandra: 'maven', pubsub: undefined, env: { [name]: value } });

    const { message } = await errorOf(startLocal(given));

    expect(message).toContain(`${name}: expected`);
    expect(progress).toEqual([]);
  });

  it.each<[Partial<Options>, string, string]>([
    [{}, 'CASSANDRA_CONTACT_POINTS', '10.1.2.3,10.1.2.4:9042'],
    [{ cassandra: 'external' }, 'CASSANDRA_CONTACT_POINTS', '127.0.0.1,10.1.2.3'],
    [{ keepsState: false }, 'CASSANDRA_SECURE_CONNECT_BUNDLE', 'connect.zip'],
    [{ cassandra: 'external' }, 'CASSANDRA_SECURE_CONNECT_BUNDLE', 'connect.zip'],
  ])('a cluster beyond this machine is refused, with %j and %s', async (changes, name, value) => {
    const login = {
      CASSANDRA_USERNAME: 'token',
      CASSANDRA_PASSWORD: 'SECRET',
      CASSANDRA_LOGIN_IN_CLEAR: 'on',
    };
    const production = { CASSANDRA_KEYSPACE: 'ecom_store', GOOGLE_CLOUD_PROJECT: 'production' };
    const env = { ...login, ...production, [name]: value };
    const given = await options({ cassandra: undefined, env, ...changes });

    const { message } = await errorOf(startLocal(given));

    expect(message).toBe(
      `${name}: expected a Cassandra on this machine, got ${JSON.stringify(value)}: what starts here would write ` +
        'made-up orders and payments into it. Unset the variable',
    );
    expect(progress).toEqual([]);
  });

  it.each<[string, Partial<Options>, string]>([
    ['google without its emulator', { pubsub: 'google' }, '--pubsub google: no Pub/Sub emulator'],
    ['docker without Docker', { pubsub: 'docker' }, '--pubsub docker: no Docker engine'],
    [
      'google with faults',
      { pubsub: 'google', pubsubFaults: FAULTS_OFF },
      '--pubsub-faults: only --pubsub local has faults',
    ],
  ])('what --pubsub needs is looked for: %s', async (_, changes, words) => {
    vi.stubEnv('HOME', folder);
    // Cassandra gets as far as its data folder.
    await mkdir(jarFolder(folder));
    await writeFile(join(folder, 'java'), '#!/bin/sh\necho \'openjdk version "17"\' >&2; exit 0', {
      mode: 0o755,
    });
    const given = await options({ cassandra: 'maven', env: { PATH: folder }, ...changes });

    const { message } = await errorOf(startLocal(given));

    expect(message).toContain(words);
    expect(existsSync(given.dataFolder)).toBe(false);
  });

  it('an empty PUBSUB_EMULATOR_HOST counts as unset', async () => {
    const given = await options({
      cassandra: undefined,
      env: { PUBSUB_EMULATOR_HOST: '', LOG_LEVEL: 'loud' },
    });

    const { message } = await errorOf(startLocal({ ...given, pubsub: undefined }));

    expect(message).toContain('LOG_LEVEL');
    expect(message).not.toContain('PUBSUB_EMULATOR_HOST');
  });
});

it.each(['', ' '])('an empty GOOGLE_CLOUD_PROJECT counts as unset: "%s"', async (project) => {
  const given = await options({ env: { PATH: process.env.PATH, GOOGLE_CLOUD_PROJECT: project } });

  const system = await startLocal({ ...given, holdsBacklog: true });
  closes.push(system.stop);

  expect(system.projectId).toBe('tally-local');
});

it.each(['', ' '])('--pubsub external without PUBSUB_EMULATOR_HOST says so: "%s"', async (host) => {
  const given = await options({ pubsub: 'external', env: { PUBSUB_EMULATOR_HOST: host } });

  const { message } = await errorOf(startLocal(given));

  expect(message).toBe('--pubsub external: set PUBSUB_EMULATOR_HOST to host:port');
});

describe.skipIf(!hasLsof)('a function that dies', () => {
  it('stops everything, and is named with the end of its log', async () => {
    const given = await options();
    const system = await startLocal(given);
    try {
      const holder = await findPortHolder(given.ports.functions.onPayment);
      process.kill(Number(/^process (\d+)/.exec(holder ?? '')?.[1]), 'SIGKILL');

      const error = await errorOf(system.died);

      expect(error).toBeInstanceOf(SystemStoppedError);
      expect(error).toMatchObject({
        advice: 'Start again.',
        cause: {
          message: `onPayment was ended by SIGKILL; its log is ${join(folder, 'logs/onPayment.log')}`,
        },
      });
    } finally {
      await system.stop();
    }
    await assertPortFree(given.ports.functions.onOrder, 'the test', '--none');
  });
});
