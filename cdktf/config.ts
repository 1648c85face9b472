import * as z from 'zod';
import { DEFAULT_CQL_PORT } from '../shared/config.ts';
import { ConfigError } from '../shared/errors.ts';
import { ENVIRONMENT_NAME } from '../shared/topology.ts';

/**
 * These are all settings of a deployment. Everything else is in `shared/topology.ts` or is a constant beside
 * its use.
 */

const matching = (pattern: RegExp, expected: string) => z.string(expected).regex(pattern, expected);

const wholeNumber = (min: number, max: number) => {
  const expected = `expected a whole number from ${min} to ${max}`;
  return z.int(expected).min(min, expected).max(max, expected);
};

/** A rule between two fields. It runs even if others are wrong, so all problems are reported at once. */
const rule = (field: string, message: string) => ({
  path: field.split('.'),
  message,
  when: ({ value }: { readonly value: unknown }) => typeof value === 'object' && value !== null,
});

/** Each element becomes a resource that is named after it, so none may be in the list twice. */
const distinct = [
  (list: readonly string[]): boolean => new Set(list).size === list.length,
  'expected a list without duplicates',
] as const;

const host = matching(
  /^(?!-)[\w-]+(?:\.[\w-]+)*$/,
  'expected a host name or an IPv4 address, without a port',
);

const AN_OBJECT = 'expected an object';

const secret = z.strictObject(
  {
    /** The id of a secret. A person puts its value into Secret Manager. No file and no state has it. */
    name: matching(/^[\w-]{1,255}$/, 'expected the id of a secret, of letters, digits, "_" or "-"'),
    version: matching(/^(?:latest|[1-9]\d*)$/, 'expected "latest" or a version’s number').default('latest'),
  },
  AN_OBJECT,
);

const cassandra = z
  .strictObject(
    {
      contactPoints: z
        .array(host, 'expected a list of hosts')
        .min(1, 'expected at least one host')
        .optional(),
      port: wholeNumber(1, 65_535).default(DEFAULT_CQL_PORT),
      dataCenter: matching(/^[\w.-]{1,100}$/, 'expected letters, digits, "_", "-" or "."').optional(),
      /** Without it, the functions use their default, which only a deployment without an environment may. */
      keyspace: matching(
        /^[a-z][a-z0-9_]{0,47}$/,
        'expected a letter, then at most 47 lower-case letters, digits or "_"',
      ).optional(),
      usernameSecret: secret,
      passwordSecret: secret,
      /** With TLS, the functions always verify the certificate of the cluster. */
      tls: z.boolean('expected true or false').default(true),
      /** Says that the login may cross the network without TLS. */
      loginInClear: z.boolean('expected true or false').default(false),
      /** A PEM file. It is needed when no public authority has signed the certificate of the cluster. */
      caSecret: secret.optional(),
      /** Astra's zip file, in place of contact points, data centre and TLS. */
      secureConnectBundleSecret: secret.optional(),
    },
    AN_OBJECT,
  )
  .refine(
    ({ contactPoints, secureConnectBundleSecret }) =>
      (contactPoints === undefined) !== (secureConnectBundleSecret === undefined),
    rule('contactPoints', 'expected either contactPoints or a secureConnectBundleSecret, not both'),
  )
  .refine(
    ({ contactPoints, dataCenter }) => (contactPoints === undefined) === (dataCenter === undefined),
    rule('dataCenter', 'expected a data centre if there are contactPoints, and none otherwise'),
  )
  .refine(
    ({ caSecret, tls, secureConnectBundleSecret }) =>
      caSecret === undefined || (tls && secureConnectBundleSecret === undefined),
    rule('caSecret', 'expected none if tls is false or there is a secureConnectBundleSecret'),
  )
  .refine(
    ({ tls, loginInClear, contactPoints }) => tls || loginInClear || contactPoints === undefined,
    rule('tls', 'expected true, or loginInClear beside it: the login would cross the network in clear'),
  );

/** A person, a group or a program. Nobody may be everybody. */
const account = matching(
  /^(?:user|group|serviceAccount):[^\s@:]+@[^\s@:]+\.[^\s@:]+$/,
  'expected "user:", "group:" or "serviceAccount:" with an e-mail address',
);

const accounts = z
  .array(account, 'expected a list of accounts')
  .min(1, 'expected at least one account')
  .refine(...distinct);

const limits = z
  .strictObject(
    {
      /** The limit for each consumer. Each instance opens connections to the cluster. */
      maxInstances: wholeNumber(1, 1_000).default(20),
      minInstances: wholeNumber(0, 1_000).default(0),
      /** The messages that one instance handles at once. Above 128, the driver gets no faster. */
      concurrency: wholeNumber(1, 1_000).default(80),
    },
    AN_OBJECT,
  )
  .refine(
    ({ minInstances, maxInstances }) => !(minInstances > maxInstances),
    rule('minInstances', 'expected at most maxInstances'),
  );

/** Where Cloud Run gets Node 24 from. By default from Google's mirror, which needs no account. */
const image = matching(
  /^[a-z0-9][a-z0-9.-]*\.[a-z0-9-]+\/[a-z0-9][\w./-]*(?::[\w.-]+|@sha256:[0-9a-f]{64})$/,
  'expected <registry>/<path>:<tag> or <registry>/<path>@sha256:<digest>',
).default('mirror.gcr.io/library/node:24-slim');

const egress = z
  .enum(['private-ranges', 'all'], 'expected "private-ranges" or "all"')
  .default('private-ranges');

/** A worker pool takes no connector. It is in a subnetwork itself, in which each instance has an address. */
const worker = z.strictObject(
  {
    /** All of them always run: nothing scales a worker pool. One handles 128 messages at a time. */
    instances: wholeNumber(1, 100).default(1),
    /** It needs `node`, and no part of Tally. */
    image,
    network: z
      .strictObject(
        {
          subnetwork: matching(
            /^projects\/[^/]+\/regions\/[^/]+\/subnetworks\/[^/]+$/,
            'expected projects/<project>/regions/<region>/subnetworks/<name>',
          ),
          egress,
        },
        AN_OBJECT,
      )
      .optional(),
  },
  AN_OBJECT,
);

const isFilled = (list: unknown): boolean => Array.isArray(list) && list.length > 0;

const alerts = z
  .strictObject(
    {
      emails: z
        .array(z.email('expected an e-mail address'))
        .refine(...distinct)
        .default([]),
      /** Notification channels that exist already. */
      notificationChannels: z
        .array(
          matching(
            /^projects\/[^/]+\/notificationChannels\/\d+$/,
            'expected projects/<project>/notificationChannels/<number>',
          ),
        )
        .refine(...distinct)
        .default([]),
      /** The address of the runbook. Alerts link to its sections, so their readers need a real one. */
      runbookUrl: matching(/^[^\s#]+$/, 'expected an address without "#"').default('docs/runbook.md'),
      oldestUnackedMinutes: wholeNumber(1, 7 * 24 * 60).default(10),
      parkedHours: wholeNumber(1, 366 * 24).default(24),
    },
    AN_OBJECT,
  )
  .refine(
    ({ emails, notificationChannels, runbookUrl }) =>
      !(isFilled(emails) || isFilled(notificationChannels)) || /^https?:\/\/[^\s/]+/.test(runbookUrl),
    rule('runbookUrl', 'expected an http(s) address that the people who get alerts can open'),
  );

const traces = z.strictObject(
  {
    /** A collector that takes OTLP as JSON, and that the functions reach without a key. */
    endpoint: z
      .url({ protocol: /^https?$/, error: 'expected an http(s) address without "/v1/traces"' })
      .regex(/^[^?#@]+$/, 'expected an address without a login, "?" or "#"')
      .regex(/^(?!.*\/v1\/traces\/?$)/, 'expected an http(s) address without "/v1/traces"'),
    /** The share of traces that is recorded. Without it, a trace is recorded if its producer records it. */
    ratio: z
      .number('expected a number from 0.0001 to 1')
      .min(0.0001, 'expected a number from 0.0001 to 1')
      .max(1, 'expected a number from 0.0001 to 1')
      .optional(),
  },
  AN_OBJECT,
);

const configSchema = z.strictObject(
  {
    project: matching(
      /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
      'expected a project id: 6 to 30 lower-case letters, digits or "-", starting with a letter',
    ),
    /** Part of the names of Google's service agents. With it, a plan needs no request to Google. */
    projectNumber: matching(/^\d{6,20}$/, 'expected a project’s number, as a string'),
    region: matching(/^[a-z]+-[a-z]+\d{1,2}$/, 'expected a region such as europe-west1'),
    environment: matching(
      ENVIRONMENT_NAME,
      'expected up to 13 lower-case letters, digits or "-": a letter first, not "goog", and no "-" last',
    ).optional(),
    cassandra,
    /** Without it, the functions reach the cluster over the internet. */
    network: z
      .strictObject(
        {
          connector: matching(
            /^projects\/[^/]+\/locations\/[^/]+\/connectors\/[^/]+$/,
            'expected projects/<project>/locations/<region>/connectors/<name>',
          ),
          egress,
        },
        AN_OBJECT,
      )
      .optional(),
    /** With it, a worker pulls, and no consumer is a function. Without it, Pub/Sub pushes to functions. */
    worker: worker.optional(),
    limits: limits.prefault({}),
    /** Without it, no simulator is deployed. A simulator makes traffic, so production must not have one. */
    simulator: z.strictObject({ invokers: accounts }, AN_OBJECT).optional(),
    /** Without it, Tally's commands run where their caller is, which must reach the cluster. */
    commands: z
      .strictObject(
        {
          /** They may run Tally's commands, and read what the commands print. */
          operators: accounts,
          /** It needs `/bin/sh` and `node`, and no part of Tally. */
          image,
        },
        AN_OBJECT,
      )
      .optional(),
    /** They may publish orders and payments. Without any, only the deployment's own accounts may. */
    producers: z
      .array(account, 'expected a list of accounts')
      .refine(...distinct)
      .default([]),
    alerts: alerts.prefault({}),
    /** Without it, the functions record no spans. */
    traces: traces.optional(),
    /** A bucket for Terraform's state. Without it, the state is in a file on this machine. */
    stateBucket: matching(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, 'expected the name of a bucket').optional(),
    /**
     * Lets Terraform delete topics, subscriptions and the bucket of archives. Without it, Terraform refuses
     * every plan that would.
     */
    allowDestroy: z.boolean('expected true or false').default(false),
    /** Only the committed example sets this. It makes Terraform refuse every plan. */
    isExample: z.literal(true).optional(),
  },
  AN_OBJECT,
);

const deploymentSchema = configSchema
  .refine(
    // A default keyspace would be that of all environments.
    ({ environment, cassandra: cluster }) => environment === undefined || cluster?.keyspace !== undefined,
    rule('cassandra.keyspace', 'expected a keyspace of this environment'),
  )
  .refine(
    // The worker would look for the cluster on the internet, where the functions do not.
    ({ network, worker: pool }) => network === undefined || pool === undefined || pool.network !== undefined,
    rule('worker.network', 'expected a subnetwork, because a worker takes no network.connector'),
  )
  .refine(
    // The audit and the job of the commands would look for it there.
    ({ network, worker: pool }) => network !== undefined || pool?.network === undefined,
    rule(
      'network.connector',
      'expected one beside a worker.network, because the audit and the commands are in no subnetwork',
    ),
  );

export type DeploymentConfig = z.infer<typeof configSchema>;
export type SecretReference = z.infer<typeof secret>;

/**
 * Parses the configuration of a deployment from the JSON of its file. Settings that are left out get their
 * default.
 * @throws ConfigError with one sentence for each problem: the field, what it expects and what it got.
 */
export const parseConfig = (json: string): DeploymentConfig => {
  const raw = parseJson(json);
  const result = deploymentSchema.safeParse(raw);
  if (result.success) return result.data;
  throw new ConfigError(result.error.issues.flatMap((issue) => sentencesOf(issue, raw)));
};

const parseJson = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new ConfigError([`expected a JSON object: ${String(error)}`]);
  }
};

const sentencesOf = (issue: z.core.$ZodIssue, raw: unknown): string[] => {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...path, key].join('.')}: there is no such setting`);
  const got = valueAt(raw, path);
  return [`${path.join('.') || 'configuration'}: ${issue.message}, got ${JSON.stringify(got) ?? 'nothing'}`];
};

const valueAt = (raw: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    raw,
  );
