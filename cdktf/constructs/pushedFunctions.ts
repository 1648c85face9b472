import { ServiceAccount } from '@cdktf/provider-google/lib/service-account/index.js';
import type { Construct } from 'constructs';
import { CONSUMER_TIMEOUT_SECONDS } from '../../shared/deadlines.ts';
import type { ConsumerFunction } from '../../shared/topology.ts';
import { CONSUMER_MEMORY } from '../limits.ts';
import { accountId } from '../names.ts';
import type { CassandraAccess } from './CassandraAccess.ts';
import type { Receiver } from './Consumer.ts';
import { FunctionService, type Platform } from './FunctionService.ts';

interface PushedFunctionsProps {
  readonly platform: Platform;
  readonly cassandra: CassandraAccess;
}

/**
 * Each consumer is a function, to which Pub/Sub pushes with the identity of one account.
 * @param scope the scope of that account.
 */
export const pushedFunctions = (scope: Construct, { platform, cassandra }: PushedFunctionsProps) => {
  const { config } = platform;
  const pusher = new ServiceAccount(scope, 'push', {
    project: config.project,
    accountId: accountId(config, 'push'),
    displayName: 'Tally: pushes messages to the consumers',
  });
  return (consumer: Construct, name: ConsumerFunction): Receiver => {
    const service = new FunctionService(consumer, 'service', {
      ...platform,
      ...config.limits,
      name,
      description: `Tally: handles the messages that Pub/Sub pushes to ${name}`,
      ingress: 'internal',
      timeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      memory: CONSUMER_MEMORY,
    });
    cassandra.grantConnect(service);
    return {
      grantee: service.grantee,
      member: service.member,
      pushConfig: {
        pushEndpoint: service.url,
        oidcToken: { serviceAccountEmail: pusher.email, audience: service.url },
      },
      deliverAfter: [service.grantInvoke('push', pusher.member)],
    };
  };
};
