import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { MIGRATIONS } from '../../shared/store/schema.ts';
import { type FakeAstra, startFakeAstra } from '../support/cassandra/fakeAstra.ts';
import { makeServerCertificate, startTlsFront } from '../support/cassandra/serverCertificate.ts';
import { hasCassandra, testCassandraConfig } from '../support/cassandra/testKeyspace.ts';
import { hasProgram } from '../support/hasProgram.ts';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
const TALLY = join(PROJECT_FOLDER, 'cli/tally.ts');

const hasOpenssl = await hasProgram('openssl', 'version');
if (!hasOpenssl) {
  const skipped = 'SKIPPED: the command lines of docs/deploy.md, which need openssl to make a certificate';
  if (process.env.CI === 'true') throw new Error(`${skipped}. In CI that is a failure.`);
  console.warn(skipped);
}

const page = await readFile(join(PROJECT_FOLDER, 'docs/deploy.md'), 'utf8');

/** The lines under a heading that concern Cassandra: what is exported for it, and Tally's own commands. */
const linesUnder = (heading: string): string => {
  const section = page.split(/^##+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const blocks = Array.from(section.matchAll(/^```sh\n([^]*?)^```/gm), ([, block = '']) => block);
  const lines = blocks.join('').replaceAll('\\\n', '').split('\n');
  return lines.filter((line) => /^(?:export CASSANDRA_|npx tally (?:migrate|audit))/.test(line)).join('\n');
};

/** What `tally simulate --out answer.json` writes when nothing was sent. */
const NOTHING_EXPECTED = Object.fromEntries(
  ['matched', 'parked', 'unpaid', 'conflicts', 'changed', 'rivals', 'shows', 'invalid'].map((bucket) => [
    bucket,
    [],
  ]),
);

const APPLIED = MIGRATIONS.map((name) => `applied    cql/${name}\n`).join('');
const UNCHANGED = MIGRATIONS.map((name) => `unchanged  cql/${name}\n`).join('');

describe.skipIf(!hasCassandra || !hasOpenssl)('the command lines of docs/deploy.md', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-deploy-'));
    await writeFile(join(folder, 'answer.json'), JSON.stringify({ expected: NOTHING_EXPECTED }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs lines of the page in one shell, in our folder, with our values in place of the page's. */
  const run = (
    lines: string,
    values: Readonly<Record<string, string>>,
    env: Readonly<Record<string, string>> = {},
  ) => {
    let script = lines;
    for (const [value, ours] of Object.entries(values)) {
      expect(script).toContain(value);
      script = script.replaceAll(value, ours);
    }
    const npx = `set -e\nnpx() { shift; "${process.execPath}" "${TALLY}" "$@"; }\n`;
    return new Promise<{ exitCode: unknown; stdout: string; stderr: string }>((resolve) => {
      const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env } };
      execFile('bash', ['--norc', '-c', npx + script], options, (error, stdout, stderr) =>
        resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
      );
    });
  };

  const AFTER = () => `${linesUnder('5. Smoke test')}\n${linesUnder('Upgrade, and back')}`;

  const expectAll = (result: Awaited<ReturnType<typeof run>>, keyspace: string): void => {
    const done = `keyspace ${keyspace} is up to date\n`;
    expect(result.exitCode).toBe(0);
    // Each command says what it is about to touch, and nothing else.
    expect(result.stderr).toMatch(/^(?:Target: [^\n]+\n)+$/);
    expect(result.stdout.startsWith(APPLIED + done)).toBe(true);
    expect(result.stdout).toMatch(/^orders +0$/m);
    expect(result.stdout.endsWith(UNCHANGED + done)).toBe(true);
  };

  it('are on the page: one migration for each kind of cluster, one audit, and one for an upgrade', () => {
    expect(linesUnder('The schema').match(/npx tally migrate/g)).toHaveLength(1);
    expect(linesUnder('Astra').match(/npx tally migrate/g)).toHaveLength(1);
    expect(linesUnder('5. Smoke test').match(/npx tally audit --expect answer.json/g)).toHaveLength(1);
    expect(linesUnder('Upgrade, and back').match(/npx tally migrate/g)).toHaveLength(1);
    expect(page.match(/^npx tally (?:migrate|audit)/gm)).toHaveLength(4);
  });

  it('make a schema behind TLS, audit it, and upgrade it', async () => {
    const { port, keyspace } = testCassandraConfig();
    const certificate = makeServerCertificate(folder, 'IP:127.0.0.1');
    const front = await startTlsFront(certificate, port);

    const result = await run(
      `${linesUnder('The schema')}\n${AFTER()}`,
      {
        '10.0.0.11,10.0.0.12': `127.0.0.1:${front.port}`,
        'DATACENTER=dc1': 'DATACENTER=datacenter1',
        'dc1:3': 'datacenter1:1',
        'ca.pem': certificate.file,
        ecom_store_staging: keyspace,
      },
      { CASSANDRA_USERNAME: 'tally', CASSANDRA_PASSWORD: 'SECRET' },
    );

    front.stop();
    expectAll(result, keyspace);
  });

  it('send no login over a network without TLS, unless they are told to', async () => {
    const result = await run(
      linesUnder('The schema'),
      { ' CASSANDRA_TLS=on CASSANDRA_TLS_CA_FILE=ca.pem': '' },
      { CASSANDRA_USERNAME: 'tally', CASSANDRA_PASSWORD: 'SECRET' },
    );

    expect(result).toMatchObject({ exitCode: 1, stdout: '' });
    expect(result.stderr).toContain(
      'CASSANDRA_LOGIN_IN_CLEAR: expected "on", which lets the login cross a network without TLS, or "off"',
    );
    expect(result.stderr).not.toContain('SECRET');
  });

  describe('with Astra’s bundle', () => {
    let astra: FakeAstra;
    let keyspace = '';
    const values = (name: string) => ({ 'secure-connect-tally.zip': astra.bundle, ecom_store_staging: name });
    beforeAll(async () => {
      const config = testCassandraConfig();
      keyspace = config.keyspace;
      const client = createCassandraClient(config, null);
      const connection = await client.connect();
      const row = (await connection.execute('SELECT host_id, data_center FROM system.local')).first();
      await connection.execute(
        `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}`,
      );
      await client.close();
      astra = await startFakeAstra({
        folder,
        cassandraPort: config.port,
        hostId: String(row?.get('host_id')),
        dataCenter: String(row?.get('data_center')),
      });
    });
    afterAll(() => astra?.stop());

    it('make a schema, audit it, and upgrade it', async () => {
      const result = await run(`${linesUnder('Astra')}\n${AFTER()}`, values(keyspace));

      expectAll(result, keyspace);
      expect(astra.askedFor.length).toBeGreaterThan(0);
    });

    it('say where a keyspace is created that is not there', async () => {
      const result = await run(linesUnder('Astra'), values('nobody_made_this'));

      expect(result).toEqual({
        exitCode: 1,
        stdout: '',
        stderr: expect.stringMatching(
          /\ntally: there is no keyspace nobody_made_this: create it in Astra’s console\n$/,
        ),
      });
    });
  });
});
