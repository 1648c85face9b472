import { describe, expect, it } from 'vitest';
import { loadConfig, loadPublisherConfig, loadTracesConfig } from '../../shared/config.ts';
import { type Settings, synthesize } from '../support/synthesized.ts';
import { HANDLE_TIMEOUT_MS } from '../../shared/deadlines.ts';

interface FunctionFields {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly build_config: {
    readonly runtime: string;
    readonly entry_point: string;
    readonly source: { readonly storage_source: { readonly bucket: string; readonly object: string } };
  };
  readonly service_config: {
    readonly environment_variables: Readonly<Record<string, string>>;
    readonly secret_environment_variables?: readonly { readonly key: string; readonly secret: string }[];
    readonly secret_volumes?: readonly {
      readonly mount_path: string;
      readonly secret: string;
      readonly versions: readonly { readonly path: string }[];
    }[];
    readonly ingress_settings: string;
    readonly timeout_seconds: number;
    readonly available_cpu: string;
    readonly available_memory: string;
    readonly max_instance_request_concurrency: number;
    readonly min_instance_count: number;
    readonly max_instance_count: number;
    readonly vpc_connector?: string;
    readonly vpc_connector_egress_settings?: string;
  };
}

const functionsOf = (changes: Settings = {}) => {
  const synthesized = synthesize(changes);
  const all = synthesized
    .ofType('google_cloudfunctions2_function')
    .map(({ fields }) => fields as unknown as FunctionFields);
  const named = (entryPoint: string): FunctionFields => {
    const found = all.find(({ build_config: build }) => build.entry_point === entryPoint);
    if (found === undefined) throw new Error(`expected a function ${entryPoint}`);
    return found;
  };
  return { ...synthesized, all, named };
};

const WITH_STORE = ['onOrder', 'onPayment', 'onDlq', 'audit'];
const ASTRA = {
  usernameSecret: { name: 'astra-id' },
  passwordSecret: { name: 'astra-secret', version: '3' },
  secureConnectBundleSecret: { name: 'astra-bundle' },
};

/** What the platform would put into a function's environment. */
const environmentOf = ({ service_config: service }: FunctionFields): Record<string, string> => ({
  ...service.environment_variables,
  ...Object.fromEntries((service.secret_environment_variables ?? []).map(({ key }) => [key, 'SECRET'])),
});

describe('the functions', () => {
  it('are on Node 24, each from an archive whose name has its content’s hash', () => {
    const { all, resolve, ofType } = functionsOf();

    for (const { build_config: build } of all) {
      expect(build.runtime).toBe('nodejs24');
      const { bucket, object } = build.source.storage_source;
      expect(resolve(bucket)).toBe('my-project-tally-source');
      expect(resolve(object)).toMatch(new RegExp(`^${build.entry_point}-[0-9a-f]{32}\\.zip$`));
    }
    const sources = ofType('google_storage_bucket_object').map(({ fields }) => fields.source);
    expect(new Set(sources).size).toBe(all.length);
  });

  it('take what Pub/Sub and the scheduler send from inside only, and people’s requests for traffic from outside', () => {
    const { all } = functionsOf();

    const ingress = Object.fromEntries(
      all.map(({ build_config: build, service_config: service }) => [
        build.entry_point,
        service.ingress_settings,
      ]),
    );
    expect(ingress).toEqual({
      onOrder: 'ALLOW_INTERNAL_ONLY',
      onPayment: 'ALLOW_INTERNAL_ONLY',
      onDlq: 'ALLOW_INTERNAL_ONLY',
      audit: 'ALLOW_INTERNAL_ONLY',
      simulate: 'ALLOW_ALL',
    });
  });

  it('have no simulator unless somebody is named who may call it', () => {
    const { all, text } = functionsOf({ simulator: undefined });

    expect(all).toHaveLength(4);
    expect(text).not.toContain('simulate_url');
  });

  it('scale as the configuration says, the audit one at a time', () => {
    const { named } = functionsOf({ limits: { minInstances: 1, maxInstances: 7, concurrency: 33 } });

    for (const consumer of ['onOrder', 'onPayment', 'onDlq']) {
      expect(named(consumer).service_config).toMatchObject({
        min_instance_count: 1,
        max_instance_count: 7,
        max_instance_request_concurrency: 33,
        available_cpu: '1',
      });
    }
    expect(named('audit').service_config).toMatchObject({
      min_instance_count: 0,
      max_instance_count: 1,
      max_instance_request_concurrency: 1,
    });
  });

  it('leave a consumer the time to give a message back by itself', () => {
    const { named } = functionsOf();

    for (const consumer of ['onOrder', 'onPayment', 'onDlq']) {
      const { timeout_seconds: seconds } = named(consumer).service_config;
      expect(seconds * 1000).toBeGreaterThan(HANDLE_TIMEOUT_MS);
    }
  });

  it.each([
    ['private-ranges', 'PRIVATE_RANGES_ONLY'],
    ['all', 'ALL_TRAFFIC'],
  ])('go through the network’s connector where there is one, with %s', (egress, setting) => {
    const connector = 'projects/my-project/locations/europe-west1/connectors/tally';

    const { all } = functionsOf({ network: { connector, egress } });

    for (const { service_config: service } of all) {
      expect(service.vpc_connector).toBe(connector);
      expect(service.vpc_connector_egress_settings).toBe(setting);
    }
    for (const { service_config: service } of functionsOf({ network: undefined }).all)
      expect(service).not.toHaveProperty('vpc_connector');
  });
});

describe.each([
  ['a cluster behind TLS', {}],
  ['a cluster of an environment', { environment: 'staging' }],
  ['Astra', { cassandra: ASTRA }],
  [
    'a cluster without TLS',
    {
      cassandra: {
        contactPoints: ['10.0.0.1'],
        port: 19042,
        dataCenter: 'dc1',
        tls: false,
        loginInClear: true,
        usernameSecret: { name: 'u' },
        passwordSecret: { name: 'p' },
      },
    },
  ],
])('what the functions are told of %s', (_what, changes) => {
  const { named, all } = functionsOf(changes);

  it('is what they understand, and in production', () => {
    for (const name of WITH_STORE) {
      const config = loadConfig(environmentOf(named(name)));
      expect(config.projectId).toBe('my-project');
      expect(config.environment).toBe(Reflect.get(changes, 'environment'));
      expect(config.store).toMatchObject({ credentials: { username: 'SECRET', password: 'SECRET' } });
    }
    expect(loadPublisherConfig(environmentOf(named('simulate'))).projectId).toBe('my-project');
    for (const { service_config: service } of all)
      expect(service.environment_variables.NODE_ENV).toBe('production');
  });

  it('names no file that is not mounted', () => {
    for (const { service_config: service } of all) {
      const files = (service.secret_volumes ?? []).map(
        ({ mount_path: folder, versions }) => `${folder}/${versions[0]?.path}`,
      );
      const told = ['CASSANDRA_TLS_CA_FILE', 'CASSANDRA_SECURE_CONNECT_BUNDLE']
        .map((variable) => service.environment_variables[variable])
        .filter((file) => file !== undefined);
      expect(files).toEqual(told);
    }
  });

  it('has no user name and no password in it', () => {
    for (const { service_config: service } of all) {
      expect(Object.keys(service.environment_variables).join(' ')).not.toMatch(/USERNAME|PASSWORD/);
    }
  });
});

describe('the traces of a deployment', () => {
  it('go to the collector that the configuration names, from every function except the audit', () => {
    const { all } = functionsOf({ traces: { endpoint: 'https://collector.example:4318', ratio: 0.1 } });

    for (const one of all) {
      const name = one.build_config.entry_point;
      const config = loadTracesConfig(name, environmentOf(one));
      expect(config).toEqual(
        name === 'audit'
          ? undefined
          : {
              endpoint: 'https://collector.example:4318',
              headers: {},
              serviceName: name,
              sampler: { kind: 'traceidratio', ratio: 0.1 },
            },
      );
    }
  });

  it('are not recorded without one', () => {
    for (const { service_config: service } of functionsOf().all)
      expect(Object.keys(service.environment_variables).join()).not.toContain('OTEL');
  });
});

describe('secrets', () => {
  it('are named and never made or read, so that no state holds their values', () => {
    const { text, resources } = functionsOf();

    expect(text).not.toMatch(/secret_data|google_secret_manager_secret_version/);
    expect(resources.map(({ type }) => type)).not.toContain('google_secret_manager_secret');
  });

  it('come in the version that the configuration says', () => {
    const { named } = functionsOf({ cassandra: ASTRA });

    expect(named('onOrder').service_config.secret_environment_variables).toEqual([
      { key: 'CASSANDRA_USERNAME', project_id: '123456789012', secret: 'astra-id', version: 'latest' },
      { key: 'CASSANDRA_PASSWORD', project_id: '123456789012', secret: 'astra-secret', version: '3' },
    ]);
  });

  it('can be read before a revision that needs them starts', () => {
    const { ofType } = synthesize();
    const granted = ofType('google_secret_manager_secret_iam_member').map(({ type, id }) => `${type}.${id}`);

    const waitedFor = ofType('google_cloudfunctions2_function').flatMap(({ fields }) => fields.depends_on);
    for (const grant of granted) expect(waitedFor).toContain(grant);
  });
});
