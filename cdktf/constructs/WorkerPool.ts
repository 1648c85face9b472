import {
  CloudRunV2WorkerPool,
  type CloudRunV2WorkerPoolTemplate,
} from '@cdktf/provider-google/lib/cloud-run-v2-worker-pool/index.js';
import { PubsubSubscriptionIamMember } from '@cdktf/provider-google/lib/pubsub-subscription-iam-member/index.js';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { TerraformResource } from 'cdktf/lib/terraform-resource.js';
import { Construct } from 'constructs';
import type { DeploymentConfig } from '../config.ts';
import { CONSUMER_MEMORY, CPU } from '../limits.ts';
import { accountId, labelsOf, workerPoolName } from '../names.ts';
import { tracesVariables } from '../tracesVariables.ts';
import type { CassandraAccess } from './CassandraAccess.ts';
import type { Consumer, Receiver } from './Consumer.ts';
import { EGRESS } from './FunctionService.ts';
import type { FunctionSource } from './FunctionSource.ts';
import { ProgramContainer } from './ProgramContainer.ts';
import { WaitForGrants } from './WaitForGrants.ts';

interface WorkerPoolProps {
  readonly config: DeploymentConfig;
  readonly settings: NonNullable<DeploymentConfig['worker']>;
  readonly source: FunctionSource;
  readonly cassandra: CassandraAccess;
  /** The folder that `npm run build` wrote for the worker. */
  readonly folder: string;
  /** Makes the consumers of which the worker receives the messages. */
  readonly consume: (receive: () => Receiver) => readonly Consumer[];
}

/**
 * The worker: all consumers in one process, which pulls from all subscriptions. Cloud Run keeps as many
 * instances of it as the configuration says, and starts another when one ends.
 */
export class WorkerPool extends Construct {
  readonly consumers: readonly Consumer[];
  readonly resource: TerraformResource;

  constructor(scope: Construct, id: string, props: WorkerPoolProps) {
    super(scope, id);
    const { config, settings, source, cassandra, folder, consume } = props;
    const account = new ServiceAccount(this, 'account', {
      project: config.project,
      accountId: accountId(config, 'worker'),
      displayName: 'Tally: handles the messages that it pulls',
    });
    const container = new ProgramContainer({ config, name: 'worker', account, source, cassandra, folder });
    container.setVariables(tracesVariables(config));
    const { grantee, member } = container;
    // Messages wait in their subscription until the worker comes. It comes last, because a stream from a
    // subscription that is not there ends it.
    this.consumers = consume(() => ({ grantee, member, deliverAfter: [] }));
    const pulls = this.consumers.flatMap(({ subscriptions }) =>
      subscriptions.map(
        (subscription) =>
          new PubsubSubscriptionIamMember(this, `pull-${subscription.node.id}`, {
            project: config.project,
            subscription: subscription.name,
            role: 'roles/pubsub.subscriber',
            member,
          }),
      ),
    );
    container.startAfter(pulls);
    this.resource = new CloudRunV2WorkerPool(this, 'pool', {
      project: config.project,
      location: config.region,
      name: workerPoolName(config),
      description: 'Tally: handles the messages that it pulls from all subscriptions',
      labels: labelsOf(config),
      // Nothing is lost with it. What it has not acked is in the subscriptions.
      deletionProtection: false,
      scaling: { manualInstanceCount: settings.instances },
      template: { serviceAccount: account.email, ...templateOf(container, settings) },
      dependsOn: [...container.objects, new WaitForGrants(this, 'wait', { grants: container.grants })],
    });
  }
}

const templateOf = (
  { program, env, volumes, volumeMounts }: ProgramContainer,
  { image, network }: WorkerPoolProps['settings'],
): CloudRunV2WorkerPoolTemplate => ({
  containers: [
    {
      image,
      command: ['node', program],
      env,
      resources: { limits: { cpu: CPU, memory: CONSUMER_MEMORY } },
      volumeMounts,
    },
  ],
  volumes,
  ...(network === undefined
    ? {}
    : {
        vpcAccess: {
          egress: EGRESS[network.egress],
          networkInterfaces: [{ subnetwork: network.subnetwork }],
        },
      }),
});
