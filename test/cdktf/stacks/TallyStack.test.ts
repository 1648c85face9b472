import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../shared/config.ts';
import { addressOf, type Resource, type Settings, synthesize } from '../../support/synthesized.ts';

const IN_CLEAR = {
  contactPoints: ['10.0.0.11'],
  dataCenter: 'dc1',
  port: 9142,
  tls: false,
  loginInClear: true,
  usernameSecret: { name: 'one' },
  passwordSecret: { name: 'two' },
};

const ASTRA = {
  usernameSecret: { name: 'one' },
  passwordSecret: { name: 'two' },
  secureConnectBundleSecret: { name: 'three' },
};

/** What a person has set for another environment, and what is left of work on this machine. */
const OWN = {
  CASSANDRA_USERNAME: 'another',
  CASSANDRA_PASSWORD: 'SECRET',
  CASSANDRA_TLS_CA_FILE: 'another.pem',
  CASSANDRA_SECURE_CONNECT_BUNDLE: 'another.zip',
  CASSANDRA_REPLICATION: 'dc2:3',
  PUBSUB_EMULATOR_HOST: '127.0.0.1:8085',
  TALLY_MEMORY_STORE_URL: 'http://127.0.0.1:9000',
};

/** What a shell holds that has evaluated the variables of these deployments, one after the other. */
const shellAfter = (deployments: readonly Settings[], before: Readonly<Record<string, string>>) => {
  const lines = deployments.map((changes) => JSON.parse(synthesize(changes).text).output.variables.value);
  // As a shell reads them: nothing in them is quoted.
  const set = [...lines.join('').matchAll(/^export (\w+)=([\w.,:-]*)$/gm)].map((m) => [m[1], m[2]]);
  return { ...before, ...Object.fromEntries(set) };
};

const LOCK = readFileSync(join(import.meta.dirname, '../../../cdktf/.terraform.lock.hcl'), 'utf8');

const synthesized = synthesize();
const { ofType, resolve, madeBefore, resources } = synthesized;
const { terraform } = JSON.parse(synthesized.text);

/** A block of the lock file: the version and the checksums of one provider. */
const locked = (source: string) => {
  const start = LOCK.indexOf(`provider "registry.terraform.io/${source}" {`);
  const block = start < 0 ? '' : LOCK.slice(start, LOCK.indexOf('\n}', start));
  return {
    version: /version\s+= "([^"]+)"/.exec(block)?.[1],
    constraints: /constraints\s+= "([^"]+)"/.exec(block)?.[1],
    archives: [...block.matchAll(/"zh:([0-9a-f]{64})"/g)].map(([, sum]) => sum),
  };
};

const needed = (resource: Resource): Resource[] => {
  const before = madeBefore(resource);
  return resources.filter((other) => before.has(addressOf(other)));
};

describe('the output `variables`', () => {
  it.each([
    ['a cluster', {}],
    ['an environment', { environment: 'staging' }],
    ['a cluster without TLS', { cassandra: IN_CLEAR }],
  ])('lets the commands of a person reach what the functions of %s reach', (_what, changes) => {
    const deployment = synthesize(changes);
    const lines: string = JSON.parse(deployment.text).output.variables.value;
    const [audit] = deployment.ofType('google_cloudfunctions2_function');
    const functions = Object(audit?.fields.service_config).environment_variables;

    const read = shellAfter([changes], {});
    expect(Object.keys(read)).toHaveLength(lines.split('\n').length - 1);
    const login = { CASSANDRA_USERNAME: 'a', CASSANDRA_PASSWORD: 'b' };
    const { CASSANDRA_TLS_CA_FILE: _, ...others } = functions;
    expect(loadConfig({ ...read, ...login })).toEqual(loadConfig({ ...others, ...login }));
  });

  const CONFIGS: Record<string, Settings> = {
    'a cluster': {},
    'an environment': { environment: 'staging', cassandra: { ...IN_CLEAR, keyspace: 'staging' } },
    Astra: { cassandra: ASTRA },
  };

  it.each(Object.entries(CONFIGS))(
    'leaves nothing of another environment in the shell, before %s',
    (_what, to) => {
      const alone = shellAfter([to], {});

      for (const from of Object.values(CONFIGS)) expect(shellAfter([from, to], OWN)).toEqual(alone);
    },
  );

  it('says nothing of a cluster of contact points when it is that of Astra', () => {
    const read = shellAfter([{ cassandra: IN_CLEAR }, { cassandra: ASTRA }], OWN);

    const own = {
      CASSANDRA_SECURE_CONNECT_BUNDLE: 'b.zip',
      CASSANDRA_USERNAME: 'a',
      CASSANDRA_PASSWORD: 'b',
    };
    expect(loadConfig({ ...read, ...own }).store).toMatchObject({
      contactPoints: [],
      tls: undefined,
      secureConnectBundle: 'b.zip',
    });
  });
});

describe('an upgrade', () => {
  it('uploads the new programs and archives before it deletes the old ones, which still run', () => {
    const operators = ['user:on-call@example.com'];
    const objects = [{}, { worker: {}, network: undefined, commands: { operators } }].flatMap((changes) =>
      synthesize(changes).ofType('google_storage_bucket_object'),
    );

    expect(objects.some(({ fields }) => fields.name.startsWith('worker-'))).toBe(true);
    expect(objects.some(({ fields }) => fields.name.startsWith('commands-'))).toBe(true);
    for (const { fields } of objects) {
      expect(fields.lifecycle).toEqual({ create_before_destroy: true });
      // Otherwise the old one's deletion would take the new one away.
      expect(fields.name).toMatch(/-[0-9a-f]{32,}(?:\.zip$|\/)/);
    }
  });
});

describe('the providers', () => {
  const providers: [string, { source: string; version: string }][] = Object.entries(
    terraform.required_providers,
  );

  it('are Google’s, in a version that does not panic at the scheduler’s answer, and the one that waits', () => {
    expect(Object.fromEntries(providers)).toEqual({
      google: { source: 'hashicorp/google', version: '7.45.0' },
      time: { source: 'hashicorp/time', version: '0.13.1' },
    });
  });

  it.each(providers)('have checksums in the lock file, in the same version: %s', (_name, provider) => {
    const { version, constraints, archives } = locked(provider.source);

    expect(version).toBe(provider.version);
    expect(constraints).toBe(provider.version);
    // One archive for each platform, which are a dozen.
    expect(new Set(archives).size).toBe(archives.length);
    expect(archives.length).toBeGreaterThan(10);
  });

  it('are all that the lock file has, and every resource is of one of them', () => {
    const names = providers.map(([name]) => name);

    expect(LOCK.match(/^provider /gm)).toHaveLength(names.length);
    expect(new Set(resources.map(({ type }) => type.slice(0, type.indexOf('_'))))).toEqual(new Set(names));
  });

  it('need a Terraform that the stack itself asks for', () => {
    expect(terraform.required_version).toBe('>= 1.11.0, < 2.0.0');
  });
});

describe('a first apply', () => {
  it('builds no function before two minutes have passed since the last grant of the account that builds', () => {
    const functions = ofType('google_cloudfunctions2_function');
    const grants = resources.filter(
      ({ type, fields }) => type.includes('_iam_') && resolve(fields.member) === 'account tally-build',
    );
    const [wait, ...others] = ofType('time_sleep');

    expect(others).toEqual([]);
    expect(wait?.fields.create_duration).toBe('120s');
    expect(grants).toHaveLength(4);
    expect(wait === undefined ? [] : needed(wait)).toEqual(expect.arrayContaining(grants));
    expect(functions).toHaveLength(5);
    for (const resource of functions) expect(needed(resource)).toContain(wait);
  });

  it('waits once more for a grant that is made again', () => {
    const [wait] = ofType('time_sleep');

    const triggers = Object.values(Object(wait?.fields.triggers));
    expect(triggers).toHaveLength(4);
    for (const trigger of triggers) expect(trigger).toMatch(/^\$\{google_\w+_iam_member\.[\w-]+\.id\}$/);
  });

  it('calls the audit only when the scheduler may call it', () => {
    const [job, ...others] = ofType('google_cloud_scheduler_job');

    expect(others).toEqual([]);
    const grants = (job === undefined ? [] : needed(job)).map(
      ({ fields }) => `${resolve(fields.member)} ${fields.role} ${resolve(fields.service)}`,
    );
    expect(grants).toContain('account tally-scheduler roles/run.invoker tally-audit');
  });
});

describe('the scheduler’s job', () => {
  it('has a header, and leaves those alone that the scheduler adds', () => {
    const [job] = ofType('google_cloud_scheduler_job');

    expect(Object.keys(Reflect.get(Object(job?.fields.http_target), 'headers'))).not.toEqual([]);
    expect(job?.fields.lifecycle).toEqual({ ignore_changes: ['http_target[0].headers'] });
  });
});
