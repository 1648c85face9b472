import { PubSub } from '@google-cloud/pubsub';
import { onTestFinished } from 'vitest';
import { findFreePort } from '../../../local/ports.ts';
import { startLocalPubSub } from '../../../local/pubsub/startLocalPubSub.ts';

/** Google's own Node client on a local Pub/Sub of its own. */
export const connectNodeClient = async (projectId: string) => {
  const pubsub = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
  const client = new PubSub({ projectId, apiEndpoint: pubsub.address, emulatorMode: true });
  onTestFinished(async () => {
    await client.close();
    await pubsub.stop();
  });
  await client.createTopic('topic');
  await client.createSubscription('topic', 'subscription', { ackDeadlineSeconds: 10 });
  return {
    address: pubsub.address,
    client,
    topic: client.topic('topic'),
    subscription: client.subscription('subscription'),
  };
};
