import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasCassandraJars } from '../../local/cassandra/downloadJars.ts';
import { startMavenCassandra } from '../../local/cassandra/startMavenCassandra.ts';
import type { CassandraOptions } from '../../local/cassandra/options.ts';
import { findCassandraJava, findMaven } from '../../local/findPrograms.ts';
import type { LocalPart } from '../../local/localPart.ts';
import { findFreePort } from '../../local/ports.ts';
import { loadConfig } from '../../shared/config.ts';
import {
  type CassandraConnection,
  createCassandraClient,
} from '../../shared/store/driver/cassandraClient.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { STATE_FOLDER } from '../support/cassandra/testKeyspace.ts';
import { errorOf } from '../support/errorOf.ts';

let folder = '';
const parts: LocalPart[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tally-cassandra-'));
});
afterEach(async () => {
  for (const part of parts.splice(0)) await part.stop();
  await rm(folder, { recursive: true });
});

const keep = async <Part extends LocalPart>(starting: Promise<Part>): Promise<Part> => {
  const part = await starting;
  parts.push(part);
  return part;
};

const java = await findCassandraJava(process.env);
const maven = hasCassandraJars(STATE_FOLDER) ? { found: 'cache' } : await findMaven(process.env);
const missing = [java, maven].flatMap((program) => ('missing' in program ? [program.missing] : []));
if (missing.length > 0)
  console.warn(`SKIPPED: the tests that start a Cassandra of their own: ${missing.join(', ')}`);

/** A dead letter's payload is a whole message, and Pub/Sub takes 10 MB. */
const BLOB_BYTES = 10_000_000;

describe.skipIf(missing.length > 0)('Cassandra from Maven', () => {
  const TIMEOUT = { timeout: 240_000 };

  /** People keep things in folders with such names. */
  const dataFolderOf = (name: string): string => join(folder, `${name} #1 100%`);
  const mavenOptions = (name: string, port: number): CassandraOptions => ({
    kind: 'maven',
    port,
    downloadFolder: STATE_FOLDER,
    logFolder: join(folder, name, 'logs'),
    dataFolder: dataFolderOf(name),
    env: process.env,
    progress: () => {},
  });
  const start = async (name: string, port: number) =>
    keep(startMavenCassandra(mavenOptions(name, port), 'the test'));

  /** Runs `work` on a connection of the project's own kind, with the schema in place. */
  const connected = async <T>(
    part: LocalPart,
    work: (connection: CassandraConnection) => Promise<T>,
  ): Promise<T> => {
    const { store: config } = loadConfig(part.env);
    if (config.kind !== 'cassandra') throw new Error(`expected a Cassandra, got ${config.kind}`);
    await migrate(config);
    const client = createCassandraClient(config);
    try {
      const connection = await client.connect();
      await connection.execute('CREATE TABLE IF NOT EXISTS blobs (id int PRIMARY KEY, bytes blob)', [], {
        prepare: false,
      });
      return await work(connection);
    } finally {
      await client.close();
    }
  };
  const blob = (id: number): Buffer => Buffer.alloc(BLOB_BYTES, id);
  const write = (part: LocalPart, id: number) =>
    connected(part, (connection) =>
      connection.execute('INSERT INTO blobs (id, bytes) VALUES (?, ?)', [id, blob(id)]),
    );
  /** The ids of the blobs that are there, each of them whole. */
  const read = (part: LocalPart, ids: readonly number[]): Promise<number[]> =>
    connected(part, async (connection) => {
      const rows = await Promise.all(
        ids.map((id) => connection.execute('SELECT bytes FROM blobs WHERE id = ?', [id])),
      );
      return ids.filter((id, index) => {
        const bytes: unknown = rows[index]?.first()?.get('bytes');
        return Buffer.isBuffer(bytes) && blob(id).equals(bytes);
      });
    });

  it('keeps 10 MB values over a stop and over a kill -9', TIMEOUT, async () => {
    const port = await findFreePort();

    const first = await start('a', port);
    await write(first, 1);
    await first.stop();
    const second = await start('a', port);
    await write(second, 2);
    await second.kill();
    const third = await start('a', port);

    expect(await read(third, [1, 2])).toEqual([1, 2]);
  });

  /** Of the process that has the data of `name`. */
  const cassandraPid = async (name: string): Promise<number> => {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args=']);
    const line = stdout.split('\n').find((text) => text.includes(`storagedir=${dataFolderOf(name)}`));
    return Number.parseInt(line ?? '', 10);
  };

  it('runs twice at once, never twice on the same data, and again after a death', TIMEOUT, async () => {
    const [portA, portB] = [await findFreePort(), await findFreePort()];
    const [a, b] = await Promise.all([start('a', portA), start('b', portB)]);
    await Promise.all([write(a, 1), write(b, 2)]);

    const refused = await errorOf(start('a', await findFreePort()));
    process.kill(await cassandraPid('b'), 'SIGKILL');
    const death = await errorOf(b.died);
    await b.stop();
    const again = await start('b', portB);

    expect(refused.message).toMatch(/^the data in .* is in use by process/);
    expect(death.message).toContain('Cassandra was ended by SIGKILL; its log is');
    expect(death.message).toContain(join(folder, 'b', 'logs', 'cassandra.log'));
    expect(await read(a, [1, 2])).toEqual([1]);
    expect(await read(again, [1, 2])).toEqual([2]);
  });
});
