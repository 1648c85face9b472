import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import { GcsBackend } from 'cdktf/lib/backends/gcs-backend.js';
import { LocalBackend } from 'cdktf/lib/backends/local-backend.js';
import { TerraformOutput } from 'cdktf/lib/terraform-output.js';
import { TerraformStack } from 'cdktf/lib/terraform-stack.js';
import type { Construct } from 'constructs';
import type { Variable } from '../../shared/config.ts';
import { type ConsumerFunction, type DeployedFunction, nameIn } from '../../shared/topology.ts';
import type { Program } from '../bundle/paths.ts';
import type { DeploymentConfig } from '../config.ts';
import { BuildAccount } from '../constructs/BuildAccount.ts';
import { CassandraAccess, clusterVariables } from '../constructs/CassandraAccess.ts';
import { CommandJob } from '../constructs/CommandJob.ts';
import { Consumer, type Receiver } from '../constructs/Consumer.ts';
import { EnabledApis } from '../constructs/EnabledApis.ts';
import { FunctionSource } from '../constructs/FunctionSource.ts';
import { Operations } from '../constructs/Operations.ts';
import { pushedFunctions } from '../constructs/pushedFunctions.ts';
import { ScheduledAudit } from '../constructs/ScheduledAudit.ts';
import { Simulator } from '../constructs/Simulator.ts';
import { Topics } from '../constructs/Topics.ts';
import { WorkerPool } from '../constructs/WorkerPool.ts';
import { stackName } from '../names.ts';

/** The others publish dead letters, so the subscriptions of `onDlq` come first. */
const CONSUMERS = ['onDlq', 'onOrder', 'onPayment'] as const;

/**
 * Terraform before 1.11 has not been tried. The bindings are made for 6.50 of Google's provider, which panics
 * on some answers of Cloud Scheduler. 7.4 is the first version that does not, and every resource here plans
 * the same with 7.45. `cdktf/.terraform.lock.hcl` has the checksums.
 */
const TERRAFORM = {
  required_version: '>= 1.11.0, < 2.0.0',
  required_providers: {
    google: { source: 'hashicorp/google', version: '7.45.0' },
    time: { source: 'hashicorp/time', version: '0.13.1' },
  },
};

interface TallyStackProps {
  readonly config: DeploymentConfig;
  /** Returns the file that `npm run build` wrote for a function. */
  readonly archivePath: (name: DeployedFunction) => string;
  /** Returns the folder that `npm run build` wrote for a program that no platform builds. */
  readonly programFolder: (name: Program) => string;
}

/** All resources of one environment of Tally in one project. */
export class TallyStack extends TerraformStack {
  constructor(scope: Construct, { config, archivePath, programFolder }: TallyStackProps) {
    const id = stackName(config);
    super(scope, id);
    new GoogleProvider(this, 'google', { project: config.project, region: config.region });
    this.addOverride('terraform', TERRAFORM);
    if (config.stateBucket === undefined)
      new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    else
      new GcsBackend(this, {
        bucket: config.stateBucket,
        prefix: `tally/${config.project}/${nameIn(config.environment, 'tally')}`,
      });

    new EnabledApis(this, 'apis', config);
    const source = new FunctionSource(this, 'source', { config, archivePath });
    const platform = { config, source, build: new BuildAccount(this, 'build', { config, source }) };
    const topics = new Topics(this, 'topics', { config });
    const cassandra = new CassandraAccess(this, 'cassandra', { config });
    const consumersOf = (receive: (scope: Construct, name: ConsumerFunction) => Receiver) =>
      CONSUMERS.map((name) => new Consumer(this, name, { config, topics, receive, name }));
    const consumers =
      config.worker === undefined
        ? consumersOf(pushedFunctions(this, { platform, cassandra }))
        : new WorkerPool(this, 'worker', {
            config,
            settings: config.worker,
            source,
            cassandra,
            folder: programFolder('worker'),
            consume: consumersOf,
          }).consumers;
    for (const producer of config.producers) topics.grantInputs(producer, producer);
    const audit = new ScheduledAudit(this, 'audit', { platform, cassandra });
    if (config.simulator !== undefined) {
      const { service } = new Simulator(this, 'simulate', { platform, topics, ...config.simulator });
      new TerraformOutput(this, 'simulate_url', { staticId: true, value: service.url });
    }
    const { commands: settings } = config;
    if (settings !== undefined)
      new CommandJob(this, 'commands', {
        config,
        settings,
        source,
        topics,
        cassandra,
        folder: programFolder('commands'),
      });
    const subscriptions = consumers.flatMap((consumer) => consumer.subscriptions);
    new Operations(this, 'operations', { config, watched: [...subscriptions, audit.service.resource] });
    new TerraformOutput(this, 'variables', { staticId: true, value: exportsOf(config) });
    if (config.isExample === true) this.#refusePlans();
  }

  /** Makes Terraform itself refuse to plan the example, however it is started. */
  #refusePlans(): void {
    this.addOverride('locals.is_example', true);
    this.addOverride('output.example', {
      value: 'the example configuration',
      precondition: {
        condition: '${!local.is_example}',
        error_message:
          'cdktf/deployment.example.json is only an example. ' +
          'Copy it to cdktf/deployment.json, fill it in and remove isExample.',
      },
    });
  }
}

/**
 * Everything that says where a command goes, and with which login. All of it is set, because the variables of
 * another environment may be set already: a command must not read one environment and publish to another.
 */
const UNSET: Readonly<Record<Exclude<Variable, 'LOG_LEVEL' | `OTEL_${string}`>, string>> = {
  GOOGLE_CLOUD_PROJECT: '',
  TALLY_ENVIRONMENT: '',
  PUBSUB_EMULATOR_HOST: '',
  TALLY_MEMORY_STORE_URL: '',
  CASSANDRA_KEYSPACE: '',
  CASSANDRA_CONTACT_POINTS: '',
  CASSANDRA_LOCAL_DATACENTER: '',
  CASSANDRA_TLS: '',
  CASSANDRA_LOGIN_IN_CLEAR: '',
  CASSANDRA_REPLICATION: '',
  CASSANDRA_TLS_CA_FILE: '',
  CASSANDRA_SECURE_CONNECT_BUNDLE: '',
  CASSANDRA_USERNAME: '',
  CASSANDRA_PASSWORD: '',
};

/**
 * What a person's shell needs before `npx tally` works on this deployment. The person then sets what is
 * secret, and the paths of files on their own machine. The configuration allows no value that a shell would
 * change.
 */
const exportsOf = (config: DeploymentConfig): string => {
  const variables = {
    ...UNSET,
    GOOGLE_CLOUD_PROJECT: config.project,
    TALLY_ENVIRONMENT: config.environment ?? '',
    ...clusterVariables(config),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${value}\n`)
    .join('');
};
