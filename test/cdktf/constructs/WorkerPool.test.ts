import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig, loadTracesConfig } from '../../../shared/config.ts';
import { SUBSCRIPTIONS } from '../../../shared/topology.ts';
import { addressOf, type Settings, synthesize } from '../../support/synthesized.ts';

const SUBNETWORK = 'projects/my-project/regions/europe-west1/subnetworks/tally';
const WORKER = { network: { subnetwork: SUBNETWORK } };

interface Template {
  readonly service_account: string;
  readonly vpc_access?: object;
  readonly containers: readonly {
    readonly image: string;
    readonly command: readonly string[];
    readonly env: readonly { readonly name: string; readonly value?: string }[];
    readonly resources: object;
    readonly volume_mounts: readonly { readonly name: string; readonly mount_path: string }[];
  }[];
  readonly volumes: readonly {
    readonly name: string;
    readonly gcs?: { readonly bucket: string; readonly read_only?: boolean };
    readonly secret?: object;
  }[];
}

const poolOf = (changes: Settings = {}) => {
  const synthesized = synthesize({ worker: WORKER, ...changes });
  const [pool, ...others] = synthesized.ofType('google_cloud_run_v2_worker_pool');
  if (pool === undefined || others.length > 0) throw new Error('expected one worker pool');
  const template = pool.fields.template as Template;
  const [container] = template.containers;
  if (container === undefined) throw new Error('expected a container');
  return { ...synthesized, pool, template, container };
};

const pushed = synthesize();
const pulled = poolOf();

const ASTRA = {
  usernameSecret: { name: 'id' },
  passwordSecret: { name: 'password', version: '3' },
  secureConnectBundleSecret: { name: 'bundle' },
};

const functionsOf = ({ ofType }: Pick<typeof pushed, 'ofType'>) =>
  ofType('google_cloudfunctions2_function').map(({ fields }) => fields.name);

describe('the worker pool', () => {
  it('is not there unless the configuration asks for it', () => {
    expect(pushed.ofType('google_cloud_run_v2_worker_pool')).toEqual([]);
    expect(pushed.text).not.toContain('tally-worker');
  });

  it('takes the place of the three functions, and of the account that pushes to them', () => {
    expect(functionsOf(pulled).toSorted()).toEqual(['tally-audit', 'tally-simulate']);
    expect(pulled.text).not.toMatch(/tally-push|tally-on-/);
  });

  it('leaves every subscription its address and its numbers, and takes its push away', () => {
    const withoutPush = (changes: Settings) =>
      Object.fromEntries(
        synthesize(changes)
          .ofType('google_pubsub_subscription')
          .map(({ id, fields }) => {
            const { push_config: push, depends_on: _, ...rest } = fields;
            return [id, { ...rest, pushes: push !== undefined }];
          }),
      );
    const before = withoutPush({});

    expect(Object.keys(before)).toHaveLength(SUBSCRIPTIONS.length);
    expect(withoutPush({ worker: WORKER })).toEqual(
      Object.fromEntries(Object.entries(before).map(([id, fields]) => [id, { ...fields, pushes: false }])),
    );
  });

  it('has as many instances as the configuration says, because nothing scales it', () => {
    expect(pulled.pool.fields.scaling).toEqual({ manual_instance_count: 1 });
    expect(poolOf({ worker: { ...WORKER, instances: 3 } }).pool.fields.scaling).toEqual({
      manual_instance_count: 3,
    });
  });

  it.each([
    ['a cluster', {}],
    ['the cluster of an environment', { environment: 'staging' }],
    ['Astra', { cassandra: ASTRA }],
  ])('knows %s as the functions do', (_what, changes) => {
    const { container, ofType } = poolOf(changes);
    const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value ?? 'SECRET']));
    const audit = ofType('google_cloudfunctions2_function').find(({ fields }) =>
      fields.name.endsWith('tally-audit'),
    );
    const service = Object(audit?.fields.service_config);
    const secrets = service.secret_environment_variables.map(({ key }: { key: string }) => [key, 'SECRET']);

    expect(loadConfig(env)).toEqual(
      loadConfig({ ...service.environment_variables, ...Object.fromEntries(secrets) }),
    );
  });

  it('sends its traces where the functions send theirs, and none without a collector', () => {
    const traces = { endpoint: 'https://collector.example:4318', ratio: 0.1 };
    const tracesOf = ({ container }: typeof pulled) =>
      loadTracesConfig('worker', Object.fromEntries(container.env.map(({ name, value }) => [name, value])));

    expect(tracesOf(poolOf({ traces }))).toEqual({
      endpoint: traces.endpoint,
      headers: {},
      serviceName: 'worker',
      sampler: { kind: 'traceidratio', ratio: 0.1 },
    });
    expect(tracesOf(pulled)).toBeUndefined();
  });

  it.each([
    ['private-ranges', 'PRIVATE_RANGES_ONLY'],
    ['all', 'ALL_TRAFFIC'],
  ])('is in the subnetwork itself, because it takes no connector, with %s', (egress, setting) => {
    const { template } = poolOf({ worker: { network: { subnetwork: SUBNETWORK, egress } } });

    expect(template.vpc_access).toEqual({
      egress: setting,
      network_interfaces: [{ subnetwork: SUBNETWORK }],
    });
  });

  it('goes over the internet where the functions do', () => {
    expect(poolOf({ network: undefined, worker: {} }).template).not.toHaveProperty('vpc_access');
  });

  it.each([{}, { cassandra: ASTRA }])('mounts every secret file that it is told of: %j', (changes) => {
    const { container, template } = poolOf(changes);
    const told = container.env.filter(({ value }) => value?.startsWith('/')).map(({ value = '' }) => value);

    const mounted = container.volume_mounts.flatMap(({ name, mount_path: folder }) =>
      template.volumes.some((volume) => volume.name === name && volume.secret !== undefined) ? [folder] : [],
    );
    expect(mounted).toEqual(told.map((file) => dirname(file)));
    expect(mounted).toHaveLength(1);
  });

  it('is an account of its own, has no password in it, and can write to no bucket', () => {
    const { template, container, resolve } = pulled;

    expect(resolve(template.service_account)).toBe('tally-worker');
    const login = container.env.filter(({ name }) => /USERNAME|PASSWORD/.test(name));
    expect(login.map(({ name, value }) => [name, value])).toEqual([
      ['CASSANDRA_USERNAME', undefined],
      ['CASSANDRA_PASSWORD', undefined],
    ]);
    const buckets = template.volumes.flatMap(({ gcs }) =>
      gcs === undefined ? [] : [`${resolve(gcs.bucket)} ${gcs.read_only === true ? 'read' : 'write'}`],
    );
    expect(buckets).toEqual(['my-project-tally-source read']);
  });

  it('starts the program that was uploaded, and is the process that gets the signals', () => {
    const { container, ofType } = pulled;
    const uploaded = ofType('google_storage_bucket_object').map(({ fields }) => `/tally/${fields.name}`);

    const [command, program] = container.command;
    expect(command).toBe('node');
    expect(uploaded).toContain(program);
  });

  it('is made after all subscriptions, after its program, and two minutes after all that it may do', () => {
    const { pool, madeBefore, resources, resolve } = pulled;
    const before = madeBefore(pool);

    const needed = resources.filter(
      ({ type, fields }) =>
        type === 'google_pubsub_subscription' ||
        (type === 'google_storage_bucket_object' && fields.name.startsWith('worker-')) ||
        (type.includes('_iam_') && resolve(fields.member) === 'account tally-worker'),
    );
    // Subscriptions; the program and its folder; 4 pulls, 2 dead-letter topics, 3 secrets and a bucket.
    expect(needed).toHaveLength(4 + 2 + 10);
    for (const resource of needed) expect(before).toContain(addressOf(resource));
    const waits = resources.filter(
      (resource) => resource.type === 'time_sleep' && before.has(addressOf(resource)),
    );
    expect(waits.map(({ fields }) => fields.create_duration)).toEqual(['120s']);
  });
});

describe('a first apply with a worker', () => {
  it.each(['orders_data', 'payments_data'])(
    'takes nothing from %s before its dead letters are kept',
    (topic) => {
      const { resources, resolve, madeBefore } = pulled;
      const input = resources.find(
        ({ type, fields }) => type === 'google_pubsub_subscription' && resolve(fields.topic) === topic,
      );
      const before = input === undefined ? new Set() : madeBefore(input);

      const words = resources
        .filter((resource) => before.has(addressOf(resource)))
        .map(({ fields }) => `${resolve(fields.member)} ${fields.role} ${resolve(fields.topic)}`);
      expect(words).toEqual(
        expect.arrayContaining([
          `undefined undefined dlq_${topic}`,
          `account tally-worker roles/pubsub.publisher dlq_${topic}`,
          `serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com roles/pubsub.publisher dlq_${topic}`,
        ]),
      );
    },
  );
});
