import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { hasCassandraJars, jarFolder } from '../../local/cassandra/downloadJars.ts';
import { useExternalCassandra } from '../../local/cassandra/useExternalCassandra.ts';
import { lockDataFolder } from '../../local/cassandra/lockDataFolder.ts';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import type { CassandraOptions } from '../../local/cassandra/options.ts';
import { startCassandra } from '../../local/cassandra/startCassandra.ts';
import type { LocalPart } from '../../local/localPart.ts';
import type { ProgressUpdate } from '../../local/progress.ts';
import { findFreePort } from '../../local/ports.ts';
import { createMemoryStoreClient } from '../../shared/store/memoryStoreClient.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { orderEntry } from '../support/messages/entries.ts';
import { errorOf } from '../support/errorOf.ts';

let folder = '';
let progress: ProgressUpdate[] = [];
const parts: LocalPart[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-cassandra-'));
  await mkdir(join(folder, 'bin'));
  progress = [];
});
afterEach(async () => {
  for (const part of parts.splice(0)) await part.stop();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A machine that has only the programs that a test puts into `bin`. */
const bareOptions = async (options: Partial<CassandraOptions> = {}): Promise<CassandraOptions> => {
  const PATH = join(folder, 'bin');
  // A process that the test starts inherits this environment.
  vi.stubEnv('PATH', PATH);
  return {
    kind: undefined,
    port: await findFreePort(),
    downloadFolder: folder,
    logFolder: join(folder, 'logs'),
    dataFolder: join(folder, 'data'),
    env: { PATH },
    progress: (update) => progress.push(update),
    ...options,
  };
};

/** A program in `sh`. It finds the real programs that it needs. */
const install = async (name: string, script: string): Promise<void> => {
  const file = join(folder, 'bin', name);
  await writeFile(file, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  await chmod(file, 0o755);
};
const installJava = (version: string, otherwise = 'exit 3') =>
  install('java', `[ "$1" = -version ] && { echo 'openjdk version "${version}"' >&2; exit; }\n${otherwise}`);
const installMaven = (script: string) =>
  install('mvn', `[ "$1" = -version ] && { echo 'Apache Maven 3.9'; exit; }\n${script}`);
/** Records each call of `docker compose`, with its port. */
const installDocker = () =>
  install(
    'docker',
    `[ "$1" = info ] && { echo 28.0.1; exit; }\n[ "$2" = version ] && exit\necho "$TALLY_CASSANDRA_PORT: $*" >> '${folder}/docker.log'`,
  );

const keep = async <Part extends LocalPart>(starting: Promise<Part>): Promise<Part> => {
  const part = await starting;
  parts.push(part);
  return part;
};
describe('the choice of a Cassandra', () => {
  it('falls on memory on a bare machine, and says what is missing and what to install', async () => {
    const part = await keep(startCassandra(await bareOptions()));

    expect(part).toMatchObject({ kind: 'memory', keepsState: false });
    expect(part.why).toBe(
      'no Docker engine that answers, no Java, no Maven: start Docker, or install Java 17 and Maven',
    );
  });

  it('treats a Docker client without an engine as no Docker', async () => {
    await install('docker', 'echo "Cannot connect to the Docker daemon" >&2; exit 1');

    const part = await keep(startCassandra(await bareOptions()));

    expect(part.kind).toBe('memory');
  });

  it('treats a Docker without Compose as no Docker, and says so', async () => {
    await install('docker', '[ "$1" = info ] && { echo 28.0.1; exit; }\nexit 1');

    const part = await keep(startCassandra(await bareOptions()));
    const error = await errorOf(startCassandra(await bareOptions({ kind: 'docker' })));

    expect(part.kind).toBe('memory');
    expect(part.why).toContain('no Docker Compose, no Java');
    expect(error.message).toBe('--cassandra docker: no Docker Compose: start Docker, or install its Compose');
  });

  it.each(['1.8.0_452', '16.0.2', '18.0.1', '21.0.7', '25'])('does not take Java %s', async (version) => {
    await installJava(version);
    await installMaven('exit 1');

    const part = await keep(startCassandra(await bareOptions()));

    expect(part.kind).toBe('memory');
    expect(part.why).toContain('Cassandra 5.0 runs on 17 or 11 only');
  });

  it.each(['11.0.27', '17.0.15'])('takes Java %s with Maven', async (version) => {
    await installJava(version);
    await installMaven('echo "no network"; exit 1');

    const error = await errorOf(startCassandra(await bareOptions()));

    expect(error.message).toContain('Maven ended with code 1; its log is ');
    expect(error).toMatchObject({ lastLines: ['no network'] });
  });

  it('needs no Maven once the jars are downloaded', async () => {
    await installJava('17.0.15', 'echo "no memory left"; exit 3');
    await mkdir(jarFolder(folder));

    const error = await errorOf(startCassandra(await bareOptions()));

    expect(error.message).toContain('Cassandra ended with code 3; its log is ');
    expect(error).toMatchObject({ lastLines: ['no memory left'] });
  });

  it('prefers the Java of JAVA_HOME', async () => {
    await installJava('17.0.15');
    const options = await bareOptions();
    await mkdir(join(folder, 'home/bin'), { recursive: true });
    await writeFile(join(folder, 'home/bin/java'), '#!/bin/sh\necho \'openjdk version "21"\' >&2', {
      mode: 0o755,
    });

    const part = await keep(
      startCassandra({ ...options, env: { ...options.env, JAVA_HOME: join(folder, 'home') } }),
    );

    expect(part.why).toContain('Java 21, and Cassandra 5.0 runs on 17 or 11 only');
  });

  it('takes CASSANDRA_CONTACT_POINTS before everything else, but not when it is empty', async () => {
    await installDocker();
    const options = await bareOptions();
    const withContactPoints = (value: string) =>
      startCassandra({ ...options, env: { ...options.env, CASSANDRA_CONTACT_POINTS: value } });

    const malformed = await errorOf(withContactPoints('not a host'));
    const part = await keep(withContactPoints(' '));

    expect(malformed.message).toContain('CASSANDRA_CONTACT_POINTS: expected');
    expect(part.kind).toBe('docker');
  });

  it('takes Astra’s bundle before everything else, too', async () => {
    await installDocker();
    const options = await bareOptions();
    const bundle = { CASSANDRA_SECURE_CONNECT_BUNDLE: join(folder, 'missing.zip') };

    const error = await errorOf(startCassandra({ ...options, env: { ...options.env, ...bundle } }));

    expect(error.message).toContain('CASSANDRA_SECURE_CONNECT_BUNDLE: expected');
  });

  it.each([
    ['docker', '--cassandra docker: no Docker engine that answers: start Docker, or install its Compose'],
    ['maven', 'Cassandra from Maven needs Java 17, and there is no Java: install it, or set JAVA_HOME'],
    ['external', 'CASSANDRA_CONTACT_POINTS: expected host or host:port'],
  ] as const)('is an error that says what to do when %s is asked for but missing', async (kind, message) => {
    const error = await errorOf(startCassandra(await bareOptions({ kind })));

    expect(error.message).toContain(message);
  });

  it('is an error that says what to do when there are no jars and no Maven', async () => {
    await installJava('17.0.15');

    const error = await errorOf(startCassandra(await bareOptions({ kind: 'maven' })));

    expect(error.message).toBe(
      'Cassandra is not downloaded yet, and there is no Maven: install Maven, or start Docker',
    );
  });

  it.each(['docker', 'maven'] as const)('of %s names the option when the port is taken', async (kind) => {
    await installJava('17.0.15');
    await installDocker();
    await mkdir(jarFolder(folder));
    const server = createServer();
    const options = await bareOptions({ kind });
    await new Promise<void>((resolve) => void server.listen(options.port, '127.0.0.1', resolve));

    const error = await errorOf(startCassandra(options));

    server.close();
    expect(error.message).toBe(
      `port ${options.port}, which Cassandra needs, is taken: stop what listens there, or pass another one with --cassandra-port`,
    );
  });
});

describe('Cassandra in Docker', () => {
  const dockerLog = async () => (await readFile(join(folder, 'docker.log'), 'utf8')).trim().split('\n');

  it.each([
    ['is stopped with its data kept', {}, [], 'stop cassandra'],
    [
      'is wiped first when that is asked for',
      { fresh: true },
      ['rm --stop --force --volumes cassandra'],
      'stop cassandra',
    ],
    [
      'is removed when nothing is worth keeping',
      { keepsState: false },
      [],
      'rm --stop --force --volumes cassandra',
    ],
  ])('%s', async (_name, options, before, after) => {
    await installDocker();
    const { port, ...rest } = await bareOptions(options);

    const part = await startCassandra({ ...rest, port });
    await part.stop();

    expect(part).toMatchObject({
      kind: 'docker',
      why: 'Docker 28.0.1 answers',
      address: `127.0.0.1:${port}`,
    });
    expect(part.env).toEqual({
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}`,
      CASSANDRA_LOCAL_DATACENTER: 'datacenter1',
    });
    expect(await dockerLog()).toEqual(
      [...before, 'up --detach --wait cassandra', after].map(
        (args) => `${port}: compose --project-name tally-${port} ${args}`,
      ),
    );
  });
});

describe('the download of Cassandra', () => {
  const copying = `
    for last; do :; done; folder="\${last#-DoutputDirectory=}"
    echo a > "$folder/a.jar"; echo "[INFO] Copying a.jar to $folder/a.jar"
    echo b > "$folder/b.jar"; echo "[INFO] Copying b.jar to $folder/b.jar"`;

  it('counts the jars, and counts as downloaded once it is complete', async () => {
    await installJava('17.0.15');
    await installMaven(`${copying}\necho "[INFO] BUILD SUCCESS"`);

    await errorOf(startCassandra(await bareOptions()));

    expect((await readdir(jarFolder(folder))).toSorted()).toEqual(['a.jar', 'b.jar']);
    expect(progress.filter(({ done }) => done !== undefined)).toEqual([
      { step: 'Downloading Cassandra', done: 1, total: 100 },
      { step: 'Downloading Cassandra', done: 2, total: 100 },
    ]);
  });

  it('does not count as complete when it fails half-way, and leaves nothing', async () => {
    await installJava('17.0.15');
    await installMaven(`${copying}\necho "[ERROR] Connection reset"; exit 1`);

    const error = await errorOf(startCassandra(await bareOptions()));

    expect(error).toMatchObject({ lastLines: expect.arrayContaining(['[ERROR] Connection reset']) });
    expect(hasCassandraJars(folder)).toBe(false);
    expect((await readdir(folder)).toSorted()).toEqual(['bin', 'logs']);
  });

  it('succeeds when another run has finished first', async () => {
    await installJava('17.0.15');
    await installMaven(
      `${copying}\nmkdir '${jarFolder(folder)}'; echo c > '${jarFolder(folder)}/c.jar'; echo "[INFO] BUILD SUCCESS"`,
    );

    const error = await errorOf(startCassandra(await bareOptions()));

    expect(error.message).toContain('Cassandra ended with code 3');
    expect(await readdir(jarFolder(folder))).toEqual(['c.jar']);
    expect((await readdir(folder)).toSorted()).toEqual(['bin', 'cassandra-5.0.8', 'data', 'logs']);
  });
});

describe('the data of an earlier run', () => {
  it.each([
    ['stays', {}, ['old.db']],
    ['goes when a fresh start is asked for', { fresh: true }, []],
  ])('%s', async (_name, options, expected) => {
    const node = join(folder, 'data', 'node');
    await installJava('17.0.15');
    await mkdir(jarFolder(folder));
    await mkdir(node, { recursive: true });
    await writeFile(join(node, 'old.db'), '');

    await errorOf(startCassandra(await bareOptions(options)));

    expect(existsSync(node) ? await readdir(node) : []).toEqual(expected);
  });
});

describe('the lock on a data folder', () => {
  const lockFile = () => join(folder, 'lock');
  /** No Linux or macOS gives a process this id. */
  const NOBODY = 99_999_999;

  it('keeps a second system out, and says who has the data', async () => {
    await lockDataFolder(folder);

    const error = await errorOf(lockDataFolder(folder));

    expect(error.message).toBe(
      `the data in ${folder} is in use by process ${process.pid}: stop that process first. ` +
        `If it is not Tally, delete ${lockFile()}`,
    );
  });

  it.each([
    ['a process that is gone', JSON.stringify({ pid: NOBODY, startedAtMs: 1 })],
    ['an earlier process with our id', JSON.stringify({ pid: process.pid, startedAtMs: 1 })],
    ['a crash while it was written', '{"pid":'],
  ])('of %s does not count', async (_name, content) => {
    await writeFile(lockFile(), content);

    const unlock = await lockDataFolder(folder);

    await unlock();
    expect(existsSync(lockFile())).toBe(false);
  });

  it('is given back once: a second release does not take it from the next owner', async () => {
    const unlock = await lockDataFolder(folder);
    await unlock();
    await lockDataFolder(folder);

    await unlock();

    expect(existsSync(lockFile())).toBe(true);
  });

  it('is free again after a Cassandra that did not start', async () => {
    await installJava('17.0.15');
    await mkdir(jarFolder(folder));
    const options = await bareOptions();

    await errorOf(startCassandra(options));
    const error = await errorOf(startCassandra(options));

    expect(error.message).toContain('Cassandra ended with code 3');
  });
});

describe('the store in memory', () => {
  const post = (path: string, body: Buffer) => fetch(path, { method: 'POST', body: new Uint8Array(body) });

  it('answers the project’s client, each scan in one response', async () => {
    const part = await keep(startMemoryStore('the test'));
    const url = part.env.TALLY_MEMORY_STORE_URL ?? '';
    const client = createMemoryStoreClient(url);

    const entry = orderEntry(1, { orderId: 2n ** 63n - 1n, customerId: undefined });
    await client.recordEntry(entry);

    expect(url).toBe(`http://${part.address}`);
    expect(await client.findEntries(2n ** 63n - 1n, true)).toEqual({ entries: [entry], isWhole: true });
    const records = await Array.fromAsync(client.scanOrders());
    expect(records.map(({ orderId }) => orderId)).toEqual([2n ** 63n - 1n]);
  });

  it('answers 404 to an unknown method and to a GET', async () => {
    const part = await keep(startMemoryStore('the test'));
    const url = `http://${part.address}`;

    const statuses = await Promise.all([
      post(`${url}/dropTables`, serialize([])),
      post(`${url}/tables`, serialize([])),
      post(`${url}/constructor`, serialize([])),
      fetch(`${url}/findEntries`),
    ]);

    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  });

  it('answers 500 with the reason when a call fails', async () => {
    const part = await keep(startMemoryStore('the test'));
    const url = `http://${part.address}/findEntries`;

    const [noArray, tooLarge] = await Promise.all([
      post(url, serialize({})),
      post(url, Buffer.alloc(32 * 1024 * 1024 + 1)),
    ]);

    expect([noArray.status, await noArray.text()]).toEqual([500, 'expected an array of arguments']);
    expect([tooLarge.status, await tooLarge.text()]).toEqual([500, 'expected at most 33554432 bytes']);
  });

  it('stops while requests are under way', async () => {
    const part = await startMemoryStore('the test');
    const client = createMemoryStoreClient(`http://${part.address}`);
    await client.findEntries(1n, false);

    await part.stop();
    await part.stop();

    expect((await errorOf(client.findEntries(1n, false))).message).toBe('the store did not answer');
  });
});

describe('an external Cassandra', () => {
  it('that does not answer is an error that says what to do', async () => {
    const port = await findFreePort();
    const options = await bareOptions({ env: { CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}` } });

    const error = await errorOf(useExternalCassandra(options, 'the test', 500));

    expect(error.message).toContain('the Cassandra that CASSANDRA_CONTACT_POINTS names does not answer');
    expect(String(error.cause)).toContain(`no Cassandra answers at 127.0.0.1:${port} within 0.5 s`);
  });

  it.skipIf(!hasCassandra)('is used with the user’s own variables, and left running', async () => {
    const given = {
      ...inject('cassandraEnv'),
      CASSANDRA_KEYSPACE: 'mine',
      UNRELATED: 'not for the functions',
    };
    const options = await bareOptions({ env: given });

    const part = await startCassandra(options);
    await part.stop();
    const again = await startCassandra(options);

    const { UNRELATED: _, ...cassandraVariables } = given;
    expect(again).toMatchObject({
      kind: 'external',
      why: 'CASSANDRA_CONTACT_POINTS is set',
      keepsState: true,
    });
    expect(again.env).toEqual(cassandraVariables);
    const address = inject('cassandraEnv')?.CASSANDRA_CONTACT_POINTS;
    expect(again.address).toBe(address);
    expect(progress[0]).toEqual({
      step: 'Cassandra',
      detail: `external, at ${address} (CASSANDRA_CONTACT_POINTS is set)`,
    });
  });
});
