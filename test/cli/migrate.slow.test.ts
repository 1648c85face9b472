import { describe, expect, it } from 'vitest';
import { findFreePort } from '../../local/ports.ts';
import { loadConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { MIGRATIONS } from '../../shared/store/schema.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { commandEnv, targetLine } from '../support/commands/commandEnv.ts';
import { runTally } from '../support/commands/runScript.ts';

const FILES = [...MIGRATIONS];

describe.skipIf(!hasCassandra)('tally migrate', () => {
  it('applies cql/ to the configured keyspace, and the second time changes nothing', async () => {
    const env = commandEnv();

    const first = await runTally(['migrate'], { env });
    const second = await runTally(['migrate'], { env });

    const done = `keyspace ${env.CASSANDRA_KEYSPACE} is up to date\n`;
    expect(first).toEqual({
      exitCode: 0,
      stdout: FILES.map((name) => `applied    cql/${name}\n`).join('') + done,
      stderr: targetLine(env),
    });
    expect(second).toEqual({
      exitCode: 0,
      stdout: FILES.map((name) => `unchanged  cql/${name}\n`).join('') + done,
      stderr: targetLine(env),
    });
  });

  it('prints one line of JSON with --json', async () => {
    const env = commandEnv();

    const { exitCode, stdout } = await runTally(['migrate', '--json'], { env });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toEqual({ keyspace: env.CASSANDRA_KEYSPACE, applied: FILES, unchanged: [] });
  });

  it('fails when Cassandra cannot be reached, and says where it looked', async () => {
    const address = `127.0.0.1:${await findFreePort()}`;

    const { exitCode, stdout, stderr } = await runTally(['migrate'], {
      env: { ...commandEnv(), CASSANDRA_CONTACT_POINTS: address },
    });

    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain(address);
  });

  it('fails on a table of another shape, and names it without a stack', async () => {
    const env = commandEnv();
    const { store } = loadConfig(env);
    if (store.kind !== 'cassandra') throw new Error('the test run has no Cassandra');
    const client = createCassandraClient(store, null);
    const connection = await client.connect();
    for (const cql of [
      `CREATE KEYSPACE ${store.keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
      `CREATE TABLE ${store.keyspace}.orders_payments_facts (order_id BIGINT PRIMARY KEY, quantity INT)`,
    ]) {
      await connection.execute(cql, [], { prepare: false });
    }
    await client.close();

    const result = await runTally(['migrate'], { env });

    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain(
      'orders_payments_facts.quantity: expected bigint, regular; found int, regular',
    );
    expect(result.stderr).not.toMatch(/\n +at /);
  });

  it('fails when there are too few nodes for the replicas', async () => {
    const result = await runTally(['migrate'], {
      env: { ...commandEnv(), CASSANDRA_REPLICATION: 'datacenter1:3' },
    });

    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toMatch(
      /^tally: keyspace \w+, replication \{.+\}: data centre datacenter1 has 1 node, too few for 3 replicas/m,
    );
  });

  it('fails when the configuration is bad, and names the variable', async () => {
    const { exitCode, stderr } = await runTally(['migrate'], {
      env: { ...commandEnv(), CASSANDRA_REPLICATION: 'datacenter1:none' },
    });

    expect(exitCode).toBe(1);
    expect(stderr).toContain('CASSANDRA_REPLICATION: expected');
  });
});

describe('tally migrate on the in-memory store', () => {
  it('fails, for it has no schema', async () => {
    const { exitCode, stderr } = await runTally(['migrate'], {
      env: { PATH: process.env.PATH ?? '', TALLY_MEMORY_STORE_URL: 'http://127.0.0.1:1' },
    });

    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/\ntally: the in-memory store has no schema to migrate\n$/);
  });
});
