import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cassandraArgs } from '../../local/cassandra/cassandraArgs.ts';
import { cassandraYaml } from '../../local/cassandra/cassandraYaml.ts';
import { jarFolder } from '../../local/cassandra/downloadJars.ts';
import { findCassandraJava } from '../../local/findPrograms.ts';
import { findFreePort } from '../../local/ports.ts';
import { type RunningProcess, startChildProcess } from '../../local/startChildProcess.ts';
import { until } from '../../proof/until.ts';
import { loadConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { migrate } from '../../shared/store/migrate.ts';
import { statementsOf } from '../../shared/store/migration/statementsOf.ts';
import { acceptAll } from '../support/audit/acceptAll.ts';
import { canStartCassandra, STATE_FOLDER } from '../support/cassandra/testKeyspace.ts';
import { runTally } from '../support/commands/runScript.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { deadLetterOf } from '../support/messages/records.ts';
import { stamp } from '../support/messages/domain.ts';

const CQL_FOLDER = join(import.meta.dirname, '../../shared/store/cql');
const PASSWORD = 'change me';
const MEMORY_MIB = 512;

describe.skipIf(!canStartCassandra)(
  'the roles of shared/store/cql/roles, on a Cassandra that checks rights',
  () => {
    let folder = '';
    let node: RunningProcess | undefined;
    let port = 0;
    const envOf = (username: string, password: string) => ({
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port}`,
      CASSANDRA_KEYSPACE: 'ecom_store',
      CASSANDRA_USERNAME: username,
      CASSANDRA_PASSWORD: password,
    });
    const configOf = () => {
      const { store } = loadConfig(envOf('cassandra', 'cassandra'));
      if (store.kind !== 'cassandra') throw new Error('expected a Cassandra');
      return store;
    };

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tally-roles-'));
      port = await findFreePort();
      const java = await findCassandraJava(process.env);
      if ('missing' in java) throw new Error(java.missing);
      const yaml = join(folder, 'cassandra.yaml');
      const data = join(folder, 'node');
      await mkdir(data);
      const place = {
        address: '127.0.0.1',
        storagePort: await findFreePort(),
        seeds: ['127.0.0.1'],
        initialToken: 0n,
      };
      await writeFile(
        yaml,
        `${cassandraYaml({ data, nativePort: port, ...place })}authenticator: PasswordAuthenticator\nauthorizer: CassandraAuthorizer\n`,
      );
      const args = { jars: jarFolder(STATE_FOLDER), data, yaml, heapMiB: MEMORY_MIB };
      node = await startChildProcess({
        name: 'Cassandra',
        command: java.found.command,
        args: cassandraArgs({
          ...args,
          logback: join(import.meta.dirname, '../../local/cassandra/logback.xml'),
        }),
        cwd: folder,
        env: {},
        logFile: join(folder, 'cassandra.log'),
        isReady: {
          wait: async () => {
            await until(
              'an administrator may log in',
              async () => {
                const client = createCassandraClient(configOf(), null);
                const isIn = await client.connect().then(
                  () => true,
                  () => false,
                );
                await client.close();
                return isIn;
              },
              100_000,
            );
          },
        },
        readyTimeoutMs: 110_000,
        stopTimeoutMs: 10_000,
      });
      await migrate(configOf());
      const client = createCassandraClient(configOf());
      const connection = await client.connect();
      for (const role of ['reader', 'operator']) {
        for (const statement of statementsOf(
          await readFile(join(CQL_FOLDER, 'roles', `${role}.cql`), 'utf8'),
        )) {
          await connection.execute(statement, [], { prepare: false });
        }
      }
      const store = createCassandraStore(client);
      await acceptAll(
        store,
        orderEntry(1),
        paymentEntry(2),
        paymentEntry(3, { paymentId: 7n }),
        paymentEntry(4, { orderId: 9n }),
      );
      await store.recordDeadLetter(deadLetterOf(5, { reason: 'invalid', orderId: undefined }));
      await store.close();
    }, 240_000);
    afterAll(async () => {
      await node?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const READS = [
      ['order', '1'],
      ['dlq', 'ls', '--order', '9'],
      ['dlq', 'show', stamp(5).eventId],
      ['dlq', 'history'],
      ['parked'],
      ['findings'],
      ['audit', '--settled'],
      ['retention'],
    ];
    const WRITES = [
      ['dlq', 'discard', stamp(5).eventId, '--because', 'a test', '--yes'],
      ['dlq', 'discard', '--order', '9', '--because', 'a test', '--yes'],
      ['findings', 'resolve', '1', '--because', 'a test', '--yes'],
      ['heal', '1', '--yes'],
      ['erase', '--order', '1', '--because', 'a test', '--yes'],
    ];

    it('a reader may run every command that looks, and none that changes', { timeout: 300_000 }, async () => {
      const env = envOf('tally_reader', PASSWORD);

      for (const command of READS)
        expect([command, (await runTally(command, { env })).exitCode]).toEqual([command, 0]);
      for (const command of WRITES) {
        const { exitCode, stderr } = await runTally(command, { env });
        expect([command, exitCode]).toEqual([command, 2]);
        expect(stderr).toMatch(/the login may not do this: .*tally_reader has no MODIFY permission/);
      }
    });

    it('an operator may look and change rows, and not change the tables', { timeout: 300_000 }, async () => {
      const env = envOf('tally_operator', PASSWORD);

      for (const command of [...WRITES, ...READS]) {
        expect([command, (await runTally(command, { env })).exitCode]).toEqual([command, 0]);
      }
      const { exitCode, stderr } = await runTally(['retention', '--days', '90', '--yes'], { env });
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/the login may not do this: .*tally_operator has no ALTER permission/);
    });
  },
);
