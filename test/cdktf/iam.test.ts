import { describe, expect, it } from 'vitest';
import { SUBSCRIPTIONS } from '../../shared/topology.ts';
import { type Synthesized, synthesize } from '../support/synthesized.ts';

const AGENT = 'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com';

/** What a grant is on, in the words of its kind. */
const TARGET: Readonly<Record<string, string>> = {
  google_cloud_run_service_iam_member: 'service',
  google_cloud_run_v2_job_iam_member: 'name',
  google_project_iam_member: 'project',
  google_pubsub_subscription_iam_member: 'subscription',
  google_pubsub_topic_iam_member: 'topic',
  google_secret_manager_secret_iam_member: 'secret_id',
  google_storage_bucket_iam_member: 'bucket',
};

/**
 * Every resource that could grant something: its type says `iam`, and nothing of Google's that does not
 * grants.
 */
const grantsOf = ({ resources, resolve }: Synthesized): string[] =>
  resources
    .filter(({ type }) => type.includes('_iam_'))
    .map(({ type, fields }) => {
      const target = TARGET[type];
      if (target === undefined) throw new Error(`expected no ${type}`);
      const { expression } = Object(fields.condition);
      const narrowed = expression === undefined ? '' : ` | ${expression}`;
      return `${resolve(fields.member)} | ${fields.role} | ${target} ${resolve(fields[target])}${narrowed}`;
    })
    .toSorted();

const secretsOf = (account: string): string[] =>
  ['ca', 'password', 'username'].map(
    (name) => `account ${account} | roles/secretmanager.secretAccessor | secret_id tally-cassandra-${name}`,
  );

/** The bucket that Google documents for the copies from which it builds. */
const COPIES = 'projects/_/buckets/gcf-v2-sources-123456789012-europe-west1';

const PRODUCTION = [
  'account tally-push | roles/run.invoker | service tally-on-order',
  'account tally-push | roles/run.invoker | service tally-on-payment',
  'account tally-push | roles/run.invoker | service tally-on-dlq',
  'account tally-scheduler | roles/run.invoker | service tally-audit',
  'account tally-on-order | roles/pubsub.publisher | topic dlq_orders_data',
  'account tally-on-payment | roles/pubsub.publisher | topic dlq_payments_data',
  `${AGENT} | roles/pubsub.publisher | topic dlq_orders_data`,
  `${AGENT} | roles/pubsub.publisher | topic dlq_payments_data`,
  `${AGENT} | roles/pubsub.subscriber | subscription orders_data-sub`,
  `${AGENT} | roles/pubsub.subscriber | subscription payments_data-sub`,
  ...['tally-on-order', 'tally-on-payment', 'tally-on-dlq', 'tally-audit'].flatMap(secretsOf),
  'account tally-build | roles/logging.logWriter | project my-project',
  'account tally-build | roles/artifactregistry.writer | project my-project',
  'account tally-build | roles/storage.objectViewer | bucket my-project-tally-source',
  `account tally-build | roles/storage.objectViewer | project my-project | resource.name == "${COPIES}" || ` +
    `resource.name.startsWith("${COPIES}/")`,
];

const SIMULATOR = [
  'account tally-simulate | roles/pubsub.publisher | topic orders_data',
  'account tally-simulate | roles/pubsub.publisher | topic payments_data',
  'user:a@example.com | roles/run.invoker | service tally-simulate',
  'group:b@example.com | roles/run.invoker | service tally-simulate',
];

const COMMANDS = [
  ...secretsOf('tally-commands'),
  'account tally-commands | roles/storage.objectViewer | bucket my-project-tally-source',
  'account tally-commands | roles/storage.objectUser | bucket my-project-tally-commands',
  'account tally-commands | roles/pubsub.publisher | topic orders_data',
  'account tally-commands | roles/pubsub.publisher | topic payments_data',
  'group:c@example.com | roles/run.jobsExecutorWithOverrides | name tally-commands',
  'group:c@example.com | roles/run.viewer | name tally-commands',
  'group:c@example.com | roles/storage.objectUser | bucket my-project-tally-commands',
];

const WORKER = [
  ...SUBSCRIPTIONS.map(({ name }) => `account tally-worker | roles/pubsub.subscriber | subscription ${name}`),
  'account tally-worker | roles/pubsub.publisher | topic dlq_orders_data',
  'account tally-worker | roles/pubsub.publisher | topic dlq_payments_data',
  'account tally-worker | roles/storage.objectViewer | bucket my-project-tally-source',
  ...secretsOf('tally-worker'),
];

describe('what may do what', () => {
  it('is this table in production, and nothing else', () => {
    const grants = grantsOf(synthesize({ simulator: undefined }));

    expect(grants).toEqual(PRODUCTION.toSorted());
  });

  it('is more by the simulator’s own rights and its named invokers where one is asked for', () => {
    const invokers = ['user:a@example.com', 'group:b@example.com'];

    const grants = grantsOf(synthesize({ simulator: { invokers } }));

    expect(grants).toEqual([...PRODUCTION, ...SIMULATOR].toSorted());
  });

  it('is more by the right to publish both inputs for each producer, and to nothing else', () => {
    const producers = ['serviceAccount:shop@my-project.iam.gserviceaccount.com', 'group:b@example.com'];

    const grants = grantsOf(synthesize({ simulator: undefined, producers }));

    expect(grants).toEqual(
      [
        ...PRODUCTION,
        ...producers.flatMap((producer) => [
          `${producer} | roles/pubsub.publisher | topic orders_data`,
          `${producer} | roles/pubsub.publisher | topic payments_data`,
        ]),
      ].toSorted(),
    );
  });

  it('is more by the rights of the commands and of those who run them, where somebody is named', () => {
    const commands = { operators: ['group:c@example.com'] };

    const grants = grantsOf(synthesize({ simulator: undefined, commands }));

    expect(grants).toEqual([...PRODUCTION, ...COMMANDS].toSorted());
  });

  it('is what the worker needs in place of the three consumers and of who pushes to them, where there is one', () => {
    const grants = grantsOf(synthesize({ simulator: undefined, network: undefined, worker: {} }));

    const others = PRODUCTION.filter((grant) => !/account tally-(?:push|on-)/.test(grant));
    expect(grants).toEqual([...others, ...WORKER].toSorted());
  });

  it('lets everybody who connects to Astra read its bundle, and nobody else', () => {
    const cassandra = {
      usernameSecret: { name: 'one' },
      passwordSecret: { name: 'one' },
      secureConnectBundleSecret: { name: 'bundle' },
    };

    const grants = grantsOf(synthesize({ cassandra })).filter((grant) => grant.includes('secretAccessor'));

    expect(
      grants.map((grant) => grant.replace(' | roles/secretmanager.secretAccessor | secret_id', ':')),
    ).toEqual(
      ['tally-audit', 'tally-on-dlq', 'tally-on-order', 'tally-on-payment'].flatMap((account) => [
        `account ${account}: bundle`,
        `account ${account}: one`,
      ]),
    );
  });

  it('is held by one account per function, one to push, one to call the audit, one to build and one for commands', () => {
    const { ofType } = synthesize({ commands: { operators: ['user:a@example.com'] } });

    const accounts = ofType('google_service_account').map(({ fields }) => fields.account_id);
    expect(accounts.toSorted()).toEqual([
      'tally-audit',
      'tally-build',
      'tally-commands',
      'tally-on-dlq',
      'tally-on-order',
      'tally-on-payment',
      'tally-push',
      'tally-scheduler',
      'tally-simulate',
    ]);
  });

  it('never is everybody, and never a default account', () => {
    const { text, ofType, resolve } = synthesize();

    expect(text).not.toMatch(/allUsers|allAuthenticatedUsers|compute@developer|appspot\.gserviceaccount/);
    for (const { fields } of ofType('google_cloudfunctions2_function')) {
      expect(resolve(Reflect.get(Object(fields.service_config), 'service_account_email'))).toBe(fields.name);
      expect(resolve(Reflect.get(Object(fields.build_config), 'service_account'))).toBe('tally-build');
    }
  });
});
