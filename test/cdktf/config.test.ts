import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../cdktf/config.ts';
import { ConfigError } from '../../shared/errors.ts';
import { type Settings, settings } from '../support/synthesized.ts';

const parse = (changes: Settings) => parseConfig(JSON.stringify(settings(changes)));

const problemsOf = (json: string): readonly string[] => {
  try {
    parseConfig(json);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error('expected it to be refused');
};

const CLUSTER = {
  contactPoints: ['10.0.0.1'],
  dataCenter: 'dc1',
  usernameSecret: { name: 'u' },
  passwordSecret: { name: 'p' },
};
const ASTRA = {
  usernameSecret: { name: 'u' },
  passwordSecret: { name: 'p' },
  secureConnectBundleSecret: { name: 'b' },
};

describe('the configuration of a deployment', () => {
  it('has defaults for all that need not be said', () => {
    const config = parse({
      cassandra: CLUSTER,
      alerts: undefined,
      network: undefined,
      simulator: undefined,
      commands: { operators: ['group:on-call@example.com'] },
    });

    expect(config).toMatchObject({
      cassandra: { port: 9042, tls: true, loginInClear: false, usernameSecret: { version: 'latest' } },
      limits: { minInstances: 0, maxInstances: 20, concurrency: 80 },
      alerts: { emails: [], notificationChannels: [], parkedHours: 24, oldestUnackedMinutes: 10 },
      commands: { image: 'mirror.gcr.io/library/node:24-slim' },
      producers: [],
      allowDestroy: false,
    });
    expect(config).not.toHaveProperty('simulator');
  });

  it.each([
    ['a cluster', CLUSTER],
    ['a cluster whose login may cross the network in clear', { ...CLUSTER, tls: false, loginInClear: true }],
    ['Astra', ASTRA],
  ])('takes %s', (_what, cassandra) => {
    expect(parse({ cassandra }).cassandra).toMatchObject(cassandra);
  });

  it.each(['staging', undefined])('of the environment %s has the keyspace that it names', (environment) => {
    const cassandra = { ...CLUSTER, keyspace: 'a_store' };

    expect(parse({ environment, cassandra }).cassandra.keyspace).toBe('a_store');
  });

  it('of an environment has no default keyspace, because two environments would share it', () => {
    const problems = problemsOf(JSON.stringify(settings({ environment: 'staging', cassandra: CLUSTER })));

    expect(problems).toEqual(['cassandra.keyspace: expected a keyspace of this environment, got nothing']);
  });

  it('names every fault at once, whatever else is wrong', () => {
    const problems = problemsOf(
      JSON.stringify({
        project: 'P',
        projectNumber: 123,
        region: 'Europe',
        environment: 'Google',
        cassandra: {
          port: 0,
          keyspace: 'K',
          tls: false,
          caSecret: { name: 'a b' },
          dataCenter: '?',
          passwordSecret: { name: 'p', version: 'newest' },
          password: 'x',
        },
        network: { connector: 'tally', egress: 'some' },
        limits: { minInstances: 5, maxInstances: 2, concurrency: 0 },
        simulator: { invokers: ['allUsers'] },
        commands: { operators: ['a@example.com'], image: 'node' },
        producers: ['allUsers'],
        allowDestroy: 'yes',
        alerts: {
          emails: ['nobody'],
          notificationChannels: ['1'],
          parkedHours: 0,
          oldestUnackedMinutes: '5',
        },
        stateBucket: 'B',
        zone: 'a',
      }),
    );

    const fields = problems.map((problem) => problem.slice(0, problem.indexOf(':')));
    expect(fields.toSorted()).toEqual([
      'alerts.emails.0',
      'alerts.notificationChannels.0',
      'alerts.oldestUnackedMinutes',
      'alerts.parkedHours',
      'alerts.runbookUrl',
      'allowDestroy',
      'cassandra.caSecret',
      'cassandra.caSecret.name',
      'cassandra.contactPoints',
      'cassandra.dataCenter',
      'cassandra.dataCenter',
      'cassandra.keyspace',
      'cassandra.password',
      'cassandra.passwordSecret.version',
      'cassandra.port',
      'cassandra.usernameSecret',
      'commands.image',
      'commands.operators.0',
      'environment',
      'limits.concurrency',
      'limits.minInstances',
      'network.connector',
      'network.egress',
      'producers.0',
      'project',
      'projectNumber',
      'region',
      'simulator.invokers.0',
      'stateBucket',
      'zone',
    ]);
  });

  it.each([
    ['region', 'here', 'region: expected a region such as europe-west1, got "here"'],
    ['projectNumber', undefined, 'projectNumber: expected a project’s number, as a string, got nothing'],
    ['colour', 'red', 'colour: there is no such setting'],
    [
      'cassandra',
      { ...ASTRA, contactPoints: ['a'], dataCenter: 'dc1' },
      'cassandra.contactPoints: expected either contactPoints or a secureConnectBundleSecret, not both, got ["a"]',
    ],
    [
      'cassandra',
      { ...CLUSTER, contactPoints: ['a:9042'] },
      'cassandra.contactPoints.0: expected a host name or an IPv4 address, without a port, got "a:9042"',
    ],
    [
      'cassandra',
      { ...CLUSTER, tls: false },
      'cassandra.tls: expected true, or loginInClear beside it: the login would cross the network in clear, got false',
    ],
    [
      'simulator',
      { invokers: ['allAuthenticatedUsers'] },
      'simulator.invokers.0: expected "user:", "group:" or "serviceAccount:" with an e-mail address, got "allAuthenticatedUsers"',
    ],
    ['simulator', { invokers: [] }, 'simulator.invokers: expected at least one account, got []'],
    [
      'simulator',
      { invokers: ['user:a@example.com', 'user:a@example.com'] },
      'simulator.invokers: expected a list without duplicates, got ["user:a@example.com","user:a@example.com"]',
    ],
    [
      'producers',
      ['allAuthenticatedUsers'],
      'producers.0: expected "user:", "group:" or "serviceAccount:" with an e-mail address, got "allAuthenticatedUsers"',
    ],
    ['producers', 'a@example.com', 'producers: expected a list of accounts, got "a@example.com"'],
    ['commands', {}, 'commands.operators: expected a list of accounts, got nothing'],
    [
      'commands',
      { operators: ['user:a@example.com'], image: 'node:24-slim' },
      'commands.image: expected <registry>/<path>:<tag> or <registry>/<path>@sha256:<digest>, got "node:24-slim"',
    ],
    [
      'worker',
      {},
      'worker.network: expected a subnetwork, because a worker takes no network.connector, got nothing',
    ],
    [
      'worker',
      { network: { subnetwork: 'tally' } },
      'worker.network.subnetwork: expected projects/<project>/regions/<region>/subnetworks/<name>, got "tally"',
    ],
    [
      'worker',
      { instances: 0, network: { subnetwork: 'projects/p/regions/r/subnetworks/s' } },
      'worker.instances: expected a whole number from 1 to 100, got 0',
    ],
    ['allowDestroy', 1, 'allowDestroy: expected true or false, got 1'],
    [
      'alerts',
      { emails: ['a@example.com', 'a@example.com'], runbookUrl: 'https://example.com/runbook.md' },
      'alerts.emails: expected a list without duplicates, got ["a@example.com","a@example.com"]',
    ],
    [
      'alerts',
      { emails: ['a@example.com'], runbookUrl: 'docs/runbook.md' },
      'alerts.runbookUrl: expected an http(s) address that the people who get alerts can open, got "docs/runbook.md"',
    ],
    [
      'alerts',
      { notificationChannels: ['projects/my-project/notificationChannels/1'] },
      'alerts.runbookUrl: expected an http(s) address that the people who get alerts can open, got nothing',
    ],
  ])('says of %s what is expected and what it got', (field, value, sentence) => {
    const problems = problemsOf(JSON.stringify(settings({ [field]: value })));

    expect(problems).toEqual([sentence]);
  });

  it('wants a connector beside the network of a worker, which the audit and the commands do not use', () => {
    const worker = { network: { subnetwork: 'projects/p/regions/r/subnetworks/s' } };

    const problems = problemsOf(JSON.stringify(settings({ network: undefined, worker })));

    expect(problems).toEqual([
      'network.connector: expected one beside a worker.network, because the audit and the commands are in ' +
        'no subnetwork, got nothing',
    ]);
  });

  it.each([
    ['[]', 'configuration: expected an object, got []'],
    ['{', 'expected a JSON object: SyntaxError'],
  ])('refuses %s', (json, sentence) => {
    expect(problemsOf(json)[0]).toContain(sentence);
  });

  it.each([
    ['endpoint', { endpoint: 'collector:4318' }],
    ['endpoint', { endpoint: 'https://user:secret@collector.example' }],
    ['endpoint', { endpoint: 'https://collector.example/v1/traces' }],
    ['ratio', { endpoint: 'https://collector.example', ratio: 0 }],
  ])('refuses traces with a wrong %s', (field, traces) => {
    expect(problemsOf(JSON.stringify(settings({ traces }))).map((problem) => problem.split(':')[0])).toEqual(
      expect.arrayContaining([`traces.${field}`]),
    );
  });
});
