import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../local/ports.ts';
import { startFunction } from '../../local/startFunction.ts';
import type { CassandraConfig } from '../../shared/config.ts';
import { createTestKeyspace, hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { commandEnv } from '../support/commands/commandEnv.ts';
import { errorFrame } from '../support/wire/cqlErrors.ts';
import { answerFrame, OPCODE, shortBytes } from '../support/wire/cqlFrame.ts';
import { startCqlProxy } from '../support/wire/cqlProxy.ts';
import { runTally } from '../support/commands/runScript.ts';
import { makeServerCertificate, startTlsFront } from '../support/cassandra/serverCertificate.ts';
import { until } from '../../proof/until.ts';
import { orderTo, pushOf } from '../support/wire/wireMessages.ts';
import { hasProgram } from '../support/hasProgram.ts';

const hasOpenssl = await hasProgram('openssl', 'version');
if (!hasOpenssl) {
  const skipped = 'SKIPPED: certificates that must be refused, which openssl makes';
  if (process.env.CI === 'true') throw new Error(`${skipped}. In CI that is a failure.`);
  console.warn(skipped);
}

type Env = Readonly<Record<string, string>>;

/** A wrong setting, or a cluster with a problem, and the message that the operator gets. */
interface ConnectCase {
  readonly what: string;
  readonly env: () => Promise<Env>;
  readonly says: string;
}

describe.skipIf(!hasCassandra)('a Cassandra that', () => {
  let folder = '';
  let config: CassandraConfig;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-connect-'));
    const keyspace = await createTestKeyspace();
    config = keyspace.config;
    await keyspace.client.close();
  });
  afterAll(() => rm(folder, { recursive: true }));

  const at = (port: number, host = '127.0.0.1'): Env => ({ CASSANDRA_CONTACT_POINTS: `${host}:${port}` });

  const silence = async (): Promise<number> => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.resume();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return port;
  };

  /** The answer of a node with a PasswordAuthenticator to any login. */
  const refusingLogins = async (): Promise<number> => {
    const proxy = await startCqlProxy(config.port);
    onTestFinished(proxy.stop);
    proxy.lay({
      times: Infinity,
      hits: ({ opcode, version }) => opcode === OPCODE.startup && version === 4,
      strike: ({ client, request }) => {
        const authenticator = shortBytes('org.apache.cassandra.auth.PasswordAuthenticator');
        client.write(answerFrame(request, OPCODE.authenticate, authenticator));
      },
    });
    proxy.lay({
      times: Infinity,
      hits: ({ opcode }) => opcode === OPCODE.authResponse,
      strike: ({ client, request }) => void client.write(errorFrame(request, 'badCredentials')),
    });
    return proxy.port;
  };

  /** @param trusted the certificate that we trust: the server's, or only those of the system. */
  const withTls = async (altName: string, trusted: 'it' | 'the system’s', host?: string): Promise<Env> => {
    const certificate = makeServerCertificate(folder, altName);
    const front = await startTlsFront(certificate, config.port);
    onTestFinished(front.stop);
    const authorities: Env = trusted === 'it' ? { CASSANDRA_TLS_CA_FILE: certificate.file } : {};
    return { ...at(front.port, host), CASSANDRA_TLS: 'on', ...authorities };
  };

  const PLAIN_CASES: readonly ConnectCase[] = [
    {
      what: 'is not there',
      env: async () => at(await findFreePort()),
      says: 'Cassandra cannot be reached at CASSANDRA_CONTACT_POINTS (127.0.0.1, port ',
    },
    {
      what: 'takes connections and answers nothing',
      env: async () => at(await silence()),
      says: 'the server at CASSANDRA_CONTACT_POINTS (127.0.0.1, port ',
    },
    {
      what: 'refuses the login',
      env: async () => ({
        ...at(await refusingLogins()),
        CASSANDRA_USERNAME: 'tally',
        CASSANDRA_PASSWORD: 'SECRET',
      }),
      says: 'Cassandra refused the login: check CASSANDRA_USERNAME and CASSANDRA_PASSWORD',
    },
    {
      what: 'wants a login, and gets none',
      env: async () => at(await refusingLogins()),
      says: 'Cassandra refused the login: check CASSANDRA_USERNAME and CASSANDRA_PASSWORD',
    },
    {
      what: 'has no TLS, where TLS is asked for',
      env: async () => ({ ...at(config.port), CASSANDRA_TLS: 'on' }),
      says: 'cannot open a TLS connection to Cassandra: check CASSANDRA_TLS and the port in CASSANDRA_CONTACT_POINTS',
    },
    {
      what: 'is in another data centre',
      env: async () => ({ ...at(config.port), CASSANDRA_LOCAL_DATACENTER: 'elsewhere' }),
      says: 'no node at CASSANDRA_CONTACT_POINTS',
    },
  ];
  const TLS_CASES: readonly ConnectCase[] = [
    {
      what: 'shows a certificate that only it has signed',
      env: () => withTls('IP:127.0.0.1', 'the system’s'),
      says: 'Cassandra’s certificate is not trusted: check CASSANDRA_TLS_CA_FILE',
    },
    {
      what: 'shows another host’s certificate',
      env: () => withTls('DNS:elsewhere.example', 'it'),
      says: 'Cassandra’s certificate is for another host than CASSANDRA_CONTACT_POINTS',
    },
  ];
  const CASES = hasOpenssl ? [...PLAIN_CASES, ...TLS_CASES] : PLAIN_CASES;

  const startOnOrder = async (env: Env) => {
    const port = await findFreePort();
    const logFile = join(folder, `onOrder-${port}.log`);
    const { stop } = await startFunction({
      name: 'onOrder',
      port,
      logFile,
      onLine: () => {},
      env: {
        CASSANDRA_KEYSPACE: config.keyspace,
        GOOGLE_CLOUD_PROJECT: 'tally-local',
        METADATA_SERVER_DETECTION: 'none',
        ...env,
      },
    });
    onTestFinished(stop);
    const { method, rawBody = new Uint8Array() } = pushOf(orderTo(1));
    const push = () => fetch(`http://127.0.0.1:${port}`, { method, body: new Uint8Array(rawBody) });
    return { push, log: () => readFile(logFile, 'utf8') };
  };

  it.for(CASES)(
    '$what makes a function nack its first message, and the log names the setting',
    async ({ env, says }) => {
      const { push, log } = await startOnOrder(await env());

      const { status } = await push();

      expect(status).toBe(503);
      const lines = await until(
        'the outcome',
        async () => (await log()).includes('"message settled"') && log(),
      );
      expect(lines).toContain(`"error":"TransientError: ${says}`);
      expect(lines).toContain('"error_cause":"');
      expect(lines).not.toContain('SECRET');
    },
  );

  it.for(CASES)(
    '$what stops tally audit and tally migrate, and both name the setting',
    async ({ env, says }) => {
      const wrong = { ...commandEnv(), ...(await env()) };

      const audit = await runTally(['audit'], { env: wrong });
      const migrate = await runTally(['migrate'], { env: wrong });

      expect(audit).toMatchObject({ exitCode: 2, stdout: '' });
      expect(audit.stderr).toContain(`tally: could not look: ${says}`);
      expect(migrate).toMatchObject({ exitCode: 1, stdout: '' });
      expect(migrate.stderr).toContain(`tally: ${says}`);
      expect(audit.stderr + migrate.stderr).not.toMatch(/SECRET|\n {4}at /);
    },
  );

  it.skipIf(!hasOpenssl).for([
    ['its address', 'IP:127.0.0.1', '127.0.0.1'],
    ['the name of a contact point', 'DNS:localhost', 'localhost'],
  ] as const)('shows a certificate for %s is let in', async ([, altName, host]) => {
    const { push } = await startOnOrder(await withTls(altName, 'it', host));

    expect((await push()).status).toBe(204);
  });
});
