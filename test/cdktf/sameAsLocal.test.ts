import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pubSubPart } from '../../cdktf/pubSubPart.ts';
import type { LocalPart } from '../../local/localPart.ts';
import { findFreePort } from '../../local/ports.ts';
import { startLocalPubSub } from '../../local/pubsub/startLocalPubSub.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { type Resource, synthesize } from '../support/synthesized.ts';

const URLS = {
  onOrder: 'http://127.0.0.1:1/tally-on-order',
  onPayment: 'http://127.0.0.1:1/tally-on-payment',
  onDlq: 'http://127.0.0.1:1/tally-on-dlq',
};

/** A subscription in words that both sides can be put into. */
interface Subscription {
  readonly name: string;
  readonly topic: string;
  readonly consumer: string;
  readonly ackDeadlineSeconds: number;
  readonly retentionSeconds: number;
  readonly expires: boolean;
  readonly backoffSeconds: readonly number[];
  readonly deadLetter: readonly [topic: string, attempts: number] | undefined;
}

const lastOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);

const synthesized = synthesize();

const inTheCloud = ({ fields }: Resource): Subscription => {
  const { resolve } = synthesized;
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((value, key) => Reflect.get(Object(value), key), fields);
  const seconds = (path: string): number => Number(/^(\d+)s$/.exec(String(at(path)))?.[1]);
  return {
    name: fields.name,
    topic: resolve(at('topic')),
    consumer: lastOf(resolve(at('push_config.push_endpoint'))),
    ackDeadlineSeconds: Number(at('ack_deadline_seconds')),
    retentionSeconds: seconds('message_retention_duration'),
    expires: at('expiration_policy.ttl') !== '',
    backoffSeconds: [seconds('retry_policy.minimum_backoff'), seconds('retry_policy.maximum_backoff')],
    deadLetter:
      at('dead_letter_policy') === undefined
        ? undefined
        : [
            resolve(at('dead_letter_policy.dead_letter_topic')),
            Number(at('dead_letter_policy.max_delivery_attempts')),
          ],
  };
};

describe('a laptop and the cloud', () => {
  const projectId = 'tally-same';
  let pubsub: LocalPart;
  let client: PubSub;

  beforeAll(async () => {
    pubsub = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
    const { address } = pubsub;
    client = new PubSub({ projectId, apiEndpoint: address, emulatorMode: true });
    await provision({ projectId, pubsub: address, functionUrls: URLS, isGoogleEmulator: false });
  });
  afterAll(async () => {
    await client.close();
    await pubsub.stop();
  });

  it('have the same topics, which keep messages for as long', async () => {
    const [topics] = await client.getTopics();

    const local = topics.map(({ name, metadata }) => [
      lastOf(name),
      `${Number(metadata?.messageRetentionDuration?.seconds)}s`,
    ]);
    const cloud = synthesized
      .ofType('google_pubsub_topic')
      .map(({ fields }) => [fields.name, fields.message_retention_duration]);
    expect(Object.fromEntries(local)).toEqual(Object.fromEntries(cloud));
  });

  it('have the same subscriptions, field by field', async () => {
    const [subscriptions] = await client.getSubscriptions();
    const local = subscriptions.map(async (subscription): Promise<Subscription> => {
      const [made] = await subscription.getMetadata();
      const { retryPolicy, deadLetterPolicy } = made;
      return {
        name: lastOf(subscription.name),
        topic: lastOf(made.topic ?? ''),
        consumer: lastOf(made.pushConfig?.pushEndpoint ?? ''),
        ackDeadlineSeconds: made.ackDeadlineSeconds ?? 0,
        retentionSeconds: Number(made.messageRetentionDuration?.seconds),
        expires: (made.expirationPolicy?.ttl ?? null) !== null,
        backoffSeconds: [retryPolicy?.minimumBackoff, retryPolicy?.maximumBackoff].map((backoff) =>
          Number(backoff?.seconds),
        ),
        deadLetter:
          (deadLetterPolicy ?? null) === null
            ? undefined
            : [
                lastOf(deadLetterPolicy?.deadLetterTopic ?? ''),
                Number(deadLetterPolicy?.maxDeliveryAttempts),
              ],
      };
    });

    const cloud = synthesized.ofType('google_pubsub_subscription').map(inTheCloud);
    expect((await Promise.all(local)).toSorted(byName)).toEqual(cloud.toSorted(byName));
  });
});

describe('the part of the stack that an emulator can be asked to make', () => {
  it('refers to nothing but itself, and keeps every number but the days that an emulator refuses', () => {
    const part = pubSubPart(JSON.parse(synthesized.text), { address: '127.0.0.1:8085', project: 'a-run' });

    const text = JSON.stringify(part);
    expect(text).toContain('"project":"a-run","pubsub_custom_endpoint":"http://127.0.0.1:8085/v1/"');
    expect(text).not.toMatch(/depends_on|prevent_destroy/);
    expect(part).toHaveProperty('terraform.required_providers.time.version');
    for (const [, type] of text.matchAll(/\$\{(\w+)\./g)) expect(type).toBe('google_pubsub_topic');
    expect(text.match(/"max_delivery_attempts":100/g)).toHaveLength(2);
    expect(text.match(/"message_retention_duration":"604800s"/g)).toHaveLength(8);
  });
});
