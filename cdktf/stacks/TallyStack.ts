import { GoogleProvider } from '@cdktf/provider-google/lib/provider/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import { GcsBackend } from 'cdktf/lib/backends/gcs-backend.js';
import { LocalBackend } from 'cdktf/lib/backends/local-backend.js';
import { TerraformOutput } from 'cdktf/lib/terraform-output.js';
import { TerraformStack } from 'cdktf/lib/terraform-stack.js';
import type { Construct } from 'constructs';
import { type ConsumerFunction, type DeployedFunction, nameIn } from '../../shared/topology.ts';
import type { DeploymentConfig } from '../config.ts';
import { BuildAccount } from '../constructs/BuildAccount.ts';
import { CassandraAccess } from '../constructs/CassandraAccess.ts';
import { EnabledApis } from '../constructs/EnabledApis.ts';
import { FunctionSource } from '../constructs/FunctionSource.ts';
import { Operations } from '../constructs/Operations.ts';
import { PushConsumer } from '../constructs/PushConsumer.ts';
import { ScheduledAudit } from '../constructs/ScheduledAudit.ts';
import { Simulator } from '../constructs/Simulator.ts';
import { Topics } from '../constructs/Topics.ts';
import { accountId, stackName } from '../names.ts';

const INPUT_CONSUMERS: readonly ConsumerFunction[] = ['onOrder', 'onPayment'];

interface TallyStackProps {
  readonly config: DeploymentConfig;
  /** Returns the file that `npm run build` wrote for a function. */
  readonly archivePath: (name: DeployedFunction) => string;
}

/** All resources of one environment of Tally in one project. */
export class TallyStack extends TerraformStack {
  constructor(scope: Construct, { config, archivePath }: TallyStackProps) {
    const id = stackName(config);
    super(scope, id);
    new GoogleProvider(this, 'google', { project: config.project, region: config.region });
    if (config.stateBucket === undefined)
      new LocalBackend(this, { path: `../../../terraform.${id}.tfstate` });
    else
      new GcsBackend(this, {
        bucket: config.stateBucket,
        prefix: `tally/${config.project}/${nameIn(config.environment, 'tally')}`,
      });

    new EnabledApis(this, 'apis', config);
    const platform = {
      config,
      source: new FunctionSource(this, 'source', { config, archivePath }),
      build: new BuildAccount(this, 'build', { config }),
    };
    const topics = new Topics(this, 'topics', { config });
    const cassandra = new CassandraAccess(this, 'cassandra', { config });
    const pusher = new ServiceAccount(this, 'push', {
      project: config.project,
      accountId: accountId(config, 'push'),
      displayName: 'Tally: pushes messages to the consumers',
    });
    const shared = { platform, topics, cassandra, pusher };
    const onDlq = new PushConsumer(this, 'onDlq', { ...shared, name: 'onDlq' });
    for (const name of INPUT_CONSUMERS) new PushConsumer(this, name, { ...shared, name, deadLetters: onDlq });
    new ScheduledAudit(this, 'audit', { platform, cassandra });
    if (config.simulator !== undefined) {
      const { service } = new Simulator(this, 'simulate', { platform, topics, ...config.simulator });
      new TerraformOutput(this, 'simulate_url', { staticId: true, value: service.url });
    }
    new Operations(this, 'operations', { config });
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
