import { describe, expect, it } from 'vitest';
import {
  type Environment,
  loadConfig,
  loadPublisherConfig,
  loadTracesConfig,
  valueIn,
  type Variable,
} from '../../shared/config.ts';
import { ConfigError } from '../../shared/errors.ts';

const CONTACT_POINTS = { CASSANDRA_CONTACT_POINTS: '10.0.0.1' };

/** What is wrong with an environment, one sentence each; nothing when it is right. */
const problemsOf = (
  env: Environment,
  load: (env: Environment) => unknown = loadConfig,
): readonly string[] => {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

const cassandraOf = (env: Environment) => loadConfig({ ...CONTACT_POINTS, ...env }).store;

it.each([
  [{ A: ' x ' }, 'x'],
  [{ A: '' }, undefined],
  [{ A: ' ' }, undefined],
  [{}, undefined],
])('an empty variable counts as unset: %j', (env, value) => {
  expect(valueIn(env, 'A')).toBe(value);
});

describe('the configuration', () => {
  it('needs contact points alone, and fills in the rest', () => {
    const result = loadConfig(CONTACT_POINTS);

    expect(result).toEqual({
      projectId: undefined,
      pubsubEmulatorHost: undefined,
      logLevel: 'info',
      store: {
        kind: 'cassandra',
        contactPoints: ['10.0.0.1'],
        port: 9042,
        localDataCenter: 'datacenter1',
        keyspace: 'ecom_store',
        credentials: undefined,
        tls: undefined,
        replication: undefined,
        isLocal: false,
      },
    });
  });

  it('takes every variable', () => {
    const result = loadConfig({
      CASSANDRA_CONTACT_POINTS: 'a.example:9142, b.example:9142',
      CASSANDRA_LOCAL_DATACENTER: 'europe-west1',
      CASSANDRA_KEYSPACE: 'tally_2',
      CASSANDRA_USERNAME: 'tally',
      CASSANDRA_PASSWORD: 'SECRET',
      CASSANDRA_TLS: 'on',
      CASSANDRA_TLS_CA_FILE: '/secrets/ca.pem',
      CASSANDRA_REPLICATION: 'europe-west1:3,europe-west4:3',
      GOOGLE_CLOUD_PROJECT: 'tally-prod',
      PUBSUB_EMULATOR_HOST: 'localhost:8085',
      LOG_LEVEL: 'debug',
    });

    expect(result).toEqual({
      projectId: 'tally-prod',
      pubsubEmulatorHost: 'localhost:8085',
      logLevel: 'debug',
      store: {
        kind: 'cassandra',
        contactPoints: ['a.example', 'b.example'],
        port: 9142,
        localDataCenter: 'europe-west1',
        keyspace: 'tally_2',
        credentials: { username: 'tally', password: 'SECRET' },
        tls: { caFile: '/secrets/ca.pem' },
        replication: {
          strategy: 'NetworkTopologyStrategy',
          factors: { 'europe-west1': 3, 'europe-west4': 3 },
        },
        isLocal: false,
      },
    });
  });

  it('finds Astra’s nodes by its bundle, which stands for contact points, data centre and TLS', () => {
    const bundle = { CASSANDRA_SECURE_CONNECT_BUNDLE: '/secrets/astra/bundle.zip' };

    const { store } = loadConfig({
      ...bundle,
      CASSANDRA_USERNAME: 'token',
      CASSANDRA_PASSWORD: 'SECRET',
    });

    expect(store).toMatchObject({
      secureConnectBundle: '/secrets/astra/bundle.zip',
      contactPoints: [],
      tls: undefined,
      credentials: { username: 'token', password: 'SECRET' },
    });
  });

  it.each(['a', 'staging', 'qa-2', 'x'.repeat(13)])('reads the environment %s', (name) => {
    expect(loadPublisherConfig({ TALLY_ENVIRONMENT: name }).environment).toBe(name);
  });

  it('takes an empty or a blank variable for a missing one', () => {
    const blank = { CASSANDRA_KEYSPACE: '', LOG_LEVEL: '  ', GOOGLE_CLOUD_PROJECT: '', CASSANDRA_TLS: ' ' };

    expect(loadConfig({ ...CONTACT_POINTS, ...blank })).toEqual(loadConfig(CONTACT_POINTS));
  });

  it('uses the local store in memory where it is named, without a Cassandra', () => {
    const result = loadConfig({ TALLY_MEMORY_STORE_URL: 'http://127.0.0.1:18080' });

    expect(result.store).toEqual({ kind: 'memory', url: 'http://127.0.0.1:18080' });
  });

  it('has a project of its own on an emulator, and none elsewhere', () => {
    expect(loadPublisherConfig({ PUBSUB_EMULATOR_HOST: 'localhost:8085' }).projectId).toBe('tally-local');
    expect(loadPublisherConfig({}).projectId).toBeUndefined();
  });

  it('of a function without a store needs nothing', () => {
    const result = loadPublisherConfig({});

    expect(result).toEqual({ projectId: undefined, pubsubEmulatorHost: undefined, logLevel: 'info' });
  });

  it.each([
    ['a host', 'a.example', ['a.example'], 9042],
    ['a host and a port', 'a.example:9142', ['a.example'], 9142],
    ['an address', '10.0.0.1:9042', ['10.0.0.1'], 9042],
    ['IPv6 addresses', '[::1]:9142,[fe80::1]:9142', ['::1', 'fe80::1'], 9142],
    ['an IPv6 address without a port', '[::1]', ['::1'], 9042],
    ['a default port beside the same, written out', 'a, b:9042', ['a', 'b'], 9042],
    ['spaces', ' a , b ', ['a', 'b'], 9042],
  ])('reads contact points of %s', (_what, value, contactPoints, port) => {
    expect(cassandraOf({ CASSANDRA_CONTACT_POINTS: value })).toMatchObject({ contactPoints, port });
  });

  it.each([
    ['SimpleStrategy:1', { strategy: 'SimpleStrategy', factor: 1 }],
    ['dc1:3', { strategy: 'NetworkTopologyStrategy', factors: { dc1: 3 } }],
    ['dc1:3, dc2:9', { strategy: 'NetworkTopologyStrategy', factors: { dc1: 3, dc2: 9 } }],
  ])('reads the replication %s', (value, replication) => {
    expect(cassandraOf({ CASSANDRA_REPLICATION: value })).toMatchObject({ replication });
  });

  it.each([
    ['on', { caFile: undefined }],
    ['off', undefined],
  ])('reads TLS that is %s', (value, tls) => {
    expect(cassandraOf({ CASSANDRA_TLS: value })).toMatchObject({ tls });
  });

  it.each([
    ['127.0.0.1', true],
    ['127.1.2.3:9142,localhost:9142,[::1]:9142', true],
    ['LOCALHOST', true],
    ['127.0.0.1,10.0.0.1', false],
    ['127.0.0.1.example', false],
    ['localhost.example', false],
    ['[::2]', false],
  ])('knows whether %s is this machine: %s', (value, isLocal) => {
    expect(cassandraOf({ CASSANDRA_CONTACT_POINTS: value })).toMatchObject({ isLocal });
  });

  it.each([
    ['on this machine', { CASSANDRA_CONTACT_POINTS: '127.0.0.1,[::1]' }],
    ['with TLS', { CASSANDRA_TLS: 'on' }],
    ['where it is said to be wanted', { CASSANDRA_LOGIN_IN_CLEAR: 'on' }],
  ])('takes a password %s', (_where, env) => {
    const credentials = { CASSANDRA_USERNAME: 'tally', CASSANDRA_PASSWORD: 'SECRET' };

    expect(cassandraOf({ ...credentials, ...env })).toMatchObject({
      credentials: { username: 'tally', password: 'SECRET' },
    });
  });

  it('of an environment has the keyspace that is named', () => {
    const named = { TALLY_ENVIRONMENT: 'staging', CASSANDRA_KEYSPACE: 'staging_store' };

    expect(cassandraOf(named)).toMatchObject({ keyspace: 'staging_store' });
  });
});

const ALLOWED = {
  CASSANDRA_CONTACT_POINTS: 'host or host:port, comma-separated, all with the same port',
  CASSANDRA_LOCAL_DATACENTER: 'the name of a data centre: letters, digits, "_", "-" or "."',
  CASSANDRA_KEYSPACE: 'a lower-case letter, then at most 47 lower-case letters, digits or "_"',
  CASSANDRA_USERNAME: 'a user name, together with CASSANDRA_PASSWORD',
  CASSANDRA_PASSWORD: 'a password, together with CASSANDRA_USERNAME',
  CASSANDRA_LOGIN_IN_CLEAR: '"on", which lets the login cross a network without TLS, or "off"',
  CASSANDRA_TLS: '"on" or "off"',
  CASSANDRA_TLS_CA_FILE: 'the path of a PEM file, with CASSANDRA_TLS=on',
  CASSANDRA_SECURE_CONNECT_BUNDLE:
    'the path of Astra’s zip file, with a user name and a password, without contact points, data centre, TLS or replication',
  CASSANDRA_REPLICATION: '"SimpleStrategy:1" or "<data centre>:<replicas>", comma-separated, 1 to 9 replicas',
  TALLY_MEMORY_STORE_URL: 'http://127.0.0.1:<port>, as "tally up" sets it',
  GOOGLE_CLOUD_PROJECT: 'a project id: 6 to 30 lower-case letters, digits or "-", starting with a letter',
  PUBSUB_EMULATOR_HOST: 'host:port, such as localhost:8085, and no address in brackets',
  TALLY_ENVIRONMENT:
    'at most 13 lower-case letters, digits or "-", starting with a letter, not starting with "goog", not ending with "-"',
  LOG_LEVEL: 'one of debug, info, warn, error',
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'http(s)://<host>[:<port>][/<path>] of a collector that takes OTLP as JSON, without a login and without "/v1/traces"',
  OTEL_EXPORTER_OTLP_HEADERS:
    'name=value, comma-separated, each value percent-encoded printable ASCII, such as Authorization=Basic%20<key>',
  OTEL_EXPORTER_OTLP_PROTOCOL: '"http/json", the only protocol that Tally speaks',
  OTEL_SERVICE_NAME: '1 to 100 letters, digits, "_", "-", "." or "/"',
  OTEL_TRACES_SAMPLER: 'one of parentbased_always_on, always_on, traceidratio',
  OTEL_TRACES_SAMPLER_ARG: 'a number from 0 to 1, with OTEL_TRACES_SAMPLER=traceidratio and only then',
} as const satisfies Record<Variable, string>;

describe('the configuration, of an environment that is wrong', () => {
  it.each([
    ['CASSANDRA_CONTACT_POINTS', 'a,,b'],
    ['CASSANDRA_CONTACT_POINTS', 'a:9042,b:9142'],
    ['CASSANDRA_CONTACT_POINTS', 'a,b:9142'],
    ['CASSANDRA_CONTACT_POINTS', 'a:0'],
    ['CASSANDRA_CONTACT_POINTS', 'a:65536'],
    ['CASSANDRA_CONTACT_POINTS', 'a:'],
    ['CASSANDRA_CONTACT_POINTS', 'a b'],
    ['CASSANDRA_CONTACT_POINTS', '::1'],
    ['CASSANDRA_CONTACT_POINTS', 'cql://a'],
    ['CASSANDRA_LOCAL_DATACENTER', 'europe west'],
    ['CASSANDRA_LOCAL_DATACENTER', 'x'.repeat(101)],
    ['CASSANDRA_KEYSPACE', 'Tally'],
    ['CASSANDRA_KEYSPACE', '1tally'],
    ['CASSANDRA_KEYSPACE', 'tally; DROP KEYSPACE system'],
    ['CASSANDRA_KEYSPACE', 'x'.repeat(49)],
    ['CASSANDRA_LOGIN_IN_CLEAR', 'yes'],
    ['CASSANDRA_TLS', 'true'],
    ['CASSANDRA_TLS', 'ON'],
    ['CASSANDRA_REPLICATION', '3'],
    ['CASSANDRA_REPLICATION', 'SimpleStrategy:0'],
    ['CASSANDRA_REPLICATION', 'dc1:10'],
    ['CASSANDRA_REPLICATION', 'dc1:3,'],
    ['CASSANDRA_REPLICATION', 'SimpleStrategy:1,dc1:3'],
    ['CASSANDRA_REPLICATION', "dc1':3"],
    ['TALLY_MEMORY_STORE_URL', 'https://127.0.0.1:80'],
    ['TALLY_MEMORY_STORE_URL', 'http://localhost:80'],
    ['TALLY_MEMORY_STORE_URL', 'http://127.0.0.1'],
    ['TALLY_MEMORY_STORE_URL', 'http://127.0.0.1:80/path'],
    ['GOOGLE_CLOUD_PROJECT', 'Tally'],
    ['GOOGLE_CLOUD_PROJECT', 'tally'],
    ['GOOGLE_CLOUD_PROJECT', 'tally-'],
    ['GOOGLE_CLOUD_PROJECT', 'x'.repeat(31)],
    ['PUBSUB_EMULATOR_HOST', 'localhost'],
    ['PUBSUB_EMULATOR_HOST', 'http://localhost:8085'],
    ['PUBSUB_EMULATOR_HOST', 'a:8085,b:8085'],
    ['PUBSUB_EMULATOR_HOST', 'localhost:65536'],
    ['PUBSUB_EMULATOR_HOST', '[::1]:8085'],
    ['TALLY_ENVIRONMENT', 'Staging'],
    ['TALLY_ENVIRONMENT', 'staging-'],
    ['TALLY_ENVIRONMENT', '1staging'],
    ['TALLY_ENVIRONMENT', 'google'],
    ['TALLY_ENVIRONMENT', 'x'.repeat(14)],
    ['LOG_LEVEL', 'INFO'],
    ['LOG_LEVEL', 'trace'],
  ] as const)('refuses %s=%s and says what is allowed', (name, value) => {
    const result = problemsOf({ ...CONTACT_POINTS, [name]: value });

    expect(result).toEqual([`${name}: expected ${ALLOWED[name]}, got ${JSON.stringify(value)}`]);
  });

  it('refuses no store at all', () => {
    const result = problemsOf({});

    expect(result).toEqual([
      `CASSANDRA_CONTACT_POINTS: expected ${ALLOWED.CASSANDRA_CONTACT_POINTS}, got nothing`,
    ]);
  });

  it.each([
    ['CASSANDRA_USERNAME', 'CASSANDRA_PASSWORD'],
    ['CASSANDRA_PASSWORD', 'CASSANDRA_USERNAME'],
  ] as const)('refuses a %s without a %s, and shows neither', (given, missing) => {
    const result = problemsOf({ ...CONTACT_POINTS, [given]: 'SECRET' });

    expect(result).toEqual([`${missing}: expected ${ALLOWED[missing]}, got nothing`]);
  });

  it.each([
    ['nothing about TLS', {}],
    ['no TLS', { CASSANDRA_TLS: 'off' }],
    ['its refusal', { CASSANDRA_LOGIN_IN_CLEAR: 'off' }],
    ['one of two nodes elsewhere', { CASSANDRA_CONTACT_POINTS: '127.0.0.1,10.0.0.1' }],
  ])(
    'refuses a password that would cross the network in clear, with %s, and does not show it',
    (_with, env) => {
      const credentials = { CASSANDRA_USERNAME: 'tally', CASSANDRA_PASSWORD: 'SECRET' };

      const result = problemsOf({ ...CONTACT_POINTS, ...credentials, ...env });

      expect(result).toEqual([
        `CASSANDRA_LOGIN_IN_CLEAR: expected ${ALLOWED.CASSANDRA_LOGIN_IN_CLEAR}, got a login that would leave this machine: set CASSANDRA_TLS=on`,
      ]);
    },
  );

  it('refuses an environment without a keyspace, because two environments would share the default', () => {
    const result = problemsOf({ ...CONTACT_POINTS, TALLY_ENVIRONMENT: 'staging' });

    expect(result).toEqual([
      `CASSANDRA_KEYSPACE: expected ${ALLOWED.CASSANDRA_KEYSPACE}, got nothing with TALLY_ENVIRONMENT, whose keyspace has no default`,
    ]);
    expect(problemsOf({ TALLY_ENVIRONMENT: 'staging' }, loadPublisherConfig)).toEqual([]);
  });

  it.each([
    ['off', { CASSANDRA_TLS: 'off' }],
    ['not set', {}],
  ])('refuses a CA file while TLS is %s, for the file would be ignored', (_how, tls) => {
    const result = problemsOf({ ...CONTACT_POINTS, ...tls, CASSANDRA_TLS_CA_FILE: '/ca.pem' });

    expect(result).toEqual([
      `CASSANDRA_TLS_CA_FILE: expected ${ALLOWED.CASSANDRA_TLS_CA_FILE}, got a path without CASSANDRA_TLS=on`,
    ]);
  });

  it('refuses a bundle beside what it says itself, and without the credentials that it needs', () => {
    const result = problemsOf({
      ...CONTACT_POINTS,
      CASSANDRA_LOCAL_DATACENTER: 'dc1',
      CASSANDRA_TLS: 'on',
      CASSANDRA_REPLICATION: 'dc1:3',
      CASSANDRA_SECURE_CONNECT_BUNDLE: '/bundle.zip',
    });

    const allowed = `CASSANDRA_SECURE_CONNECT_BUNDLE: expected ${ALLOWED.CASSANDRA_SECURE_CONNECT_BUNDLE}`;
    expect(result).toEqual([
      `${allowed}, got a path together with CASSANDRA_CONTACT_POINTS`,
      `${allowed}, got a path together with CASSANDRA_LOCAL_DATACENTER`,
      `${allowed}, got a path together with CASSANDRA_TLS`,
      `${allowed}, got a path together with CASSANDRA_REPLICATION`,
      `${allowed}, got a path without CASSANDRA_USERNAME`,
    ]);
  });

  it('reports every problem at once', () => {
    const env = {
      CASSANDRA_LOCAL_DATACENTER: '?',
      CASSANDRA_KEYSPACE: '?',
      CASSANDRA_USERNAME: 'tally',
      CASSANDRA_LOGIN_IN_CLEAR: '?',
      CASSANDRA_TLS: '?',
      CASSANDRA_TLS_CA_FILE: '/ca.pem',
      CASSANDRA_REPLICATION: '?',
      TALLY_MEMORY_STORE_URL: '?',
      GOOGLE_CLOUD_PROJECT: '?',
      PUBSUB_EMULATOR_HOST: '?',
      TALLY_ENVIRONMENT: '?',
      LOG_LEVEL: '?',
    };

    const result = problemsOf(env);

    const named = result.map((problem) => problem.slice(0, problem.indexOf(':')));
    expect(named.toSorted()).toEqual(
      Object.keys(ALLOWED)
        .filter((name) => !['CASSANDRA_USERNAME', 'CASSANDRA_SECURE_CONNECT_BUNDLE'].includes(name))
        // Where spans go is read on its own, and only by functions.
        .filter((name) => !name.startsWith('OTEL_'))
        .toSorted(),
    );
  });

  it('says all of it in the text of its error', () => {
    const error = new ConfigError(problemsOf({ LOG_LEVEL: 'loud' }));

    expect(error.message).toBe(
      [
        'configuration is not valid:',
        '  - LOG_LEVEL: expected one of debug, info, warn, error, got "loud"',
        '  - CASSANDRA_CONTACT_POINTS: expected host or host:port, comma-separated, all with the same port, got nothing',
      ].join('\n'),
    );
  });

  it('never shows the password, whatever else is wrong', () => {
    const result = problemsOf({ CASSANDRA_PASSWORD: 'SECRET', CASSANDRA_TLS: '?', LOG_LEVEL: '?' });

    expect(result.join('\n')).toContain('CASSANDRA_USERNAME: ');
    expect(result.join('\n')).not.toContain('SECRET');
  });

  it('of a function without a store is not asked for one, and refuses the rest', () => {
    const result = problemsOf(
      { CASSANDRA_TLS: '?', GOOGLE_CLOUD_PROJECT: '?', LOG_LEVEL: '?' },
      loadPublisherConfig,
    );

    expect(result).toEqual([
      `GOOGLE_CLOUD_PROJECT: expected ${ALLOWED.GOOGLE_CLOUD_PROJECT}, got "?"`,
      `LOG_LEVEL: expected ${ALLOWED.LOG_LEVEL}, got "?"`,
    ]);
  });
});

describe('the configuration of traces', () => {
  const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };
  const tracesProblems = (env: Environment): readonly string[] => {
    try {
      loadTracesConfig('onOrder', env);
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.problems;
      throw error;
    }
  };

  it('is none without an endpoint, whatever else is set', () => {
    expect(loadTracesConfig('onOrder', { OTEL_TRACES_SAMPLER: 'x', OTEL_SERVICE_NAME: '' })).toBeUndefined();
  });

  it('has a default for everything but the endpoint', () => {
    expect(loadTracesConfig('onOrder', ENDPOINT)).toEqual({
      endpoint: 'http://127.0.0.1:4318',
      headers: {},
      serviceName: 'onOrder',
      sampler: { kind: 'parentbased_always_on' },
    });
  });

  it('is read from OpenTelemetry’s own variables', () => {
    const result = loadTracesConfig('onOrder', {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'https://collector.example/otlp/',
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret=1, x-team=shop',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_SERVICE_NAME: 'tally-orders',
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    });

    expect(result).toEqual({
      endpoint: 'https://collector.example/otlp',
      headers: { 'x-key': 'secret=1', 'x-team': 'shop' },
      serviceName: 'tally-orders',
      sampler: { kind: 'traceidratio', ratio: 0.25 },
    });
  });

  it.each([
    ['OTEL_EXPORTER_OTLP_ENDPOINT', '127.0.0.1:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'grpc://127.0.0.1:4317'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:4318/v1/traces'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:4318?key=1'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_SERVICE_NAME', 'on order'],
    ['OTEL_TRACES_SAMPLER', 'always_off'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5'],
    ['OTEL_TRACES_SAMPLER_ARG', '-1'],
  ] as const)('refuses %s=%s and says what is allowed', (name, value) => {
    expect(tracesProblems({ ...ENDPOINT, [name]: value })).toEqual([
      `${name}: expected ${ALLOWED[name]}, got ${JSON.stringify(value)}`,
    ]);
  });

  it.each([
    [{ OTEL_TRACES_SAMPLER: 'traceidratio' }, 'got nothing'],
    [{ OTEL_TRACES_SAMPLER_ARG: '0.5' }, 'got 0.5 without OTEL_TRACES_SAMPLER=traceidratio'],
  ])('refuses %o, a half of a sampler', (env, got) => {
    expect(tracesProblems({ ...ENDPOINT, ...env })).toEqual([
      `OTEL_TRACES_SAMPLER_ARG: expected ${ALLOWED.OTEL_TRACES_SAMPLER_ARG}, ${got}`,
    ]);
  });

  it('decodes the values of headers, as OpenTelemetry does', () => {
    const result = loadTracesConfig('onOrder', {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20dXNlcjpwYXNz,x-list=a%2Cb%3Dc%25,x-plus=a+b',
    });

    expect(result?.headers).toEqual({
      Authorization: 'Basic dXNlcjpwYXNz',
      'x-list': 'a,b=c%',
      'x-plus': 'a+b',
    });
  });

  it.each(['100%', '%C3%28', 'a%0D%0Ax-evil:1', 'a%00', '%09a', 'a%7F', '%E2%82%AC', '%20a', 'a%20', 'a b'])(
    'refuses the header value %j, which cannot be sent or is not encoded, without repeating it',
    (value) => {
      expect(tracesProblems({ ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: `x-key=${value}` })).toEqual([
        `OTEL_EXPORTER_OTLP_HEADERS: expected ${ALLOWED.OTEL_EXPORTER_OTLP_HEADERS}, got something else`,
      ]);
    },
  );

  it('never repeats a key of the collector, nor a login in its address', () => {
    const problems = tracesProblems({
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://user:hunter2@127.0.0.1:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'hunter2',
    });

    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('hunter2');
  });
});
