import { describe, expect, it } from 'vitest';
import { nameIn, SUBSCRIPTIONS, TOPICS } from '../../shared/topology.ts';
import { addressOf, type Resource, synthesize } from '../support/synthesized.ts';

interface SubscriptionFields {
  readonly name: string;
  readonly topic: string;
  readonly ack_deadline_seconds: number;
  readonly message_retention_duration: string;
  readonly expiration_policy: { readonly ttl: string };
  readonly retry_policy: { readonly minimum_backoff: string; readonly maximum_backoff: string };
  readonly push_config: {
    readonly push_endpoint: string;
    readonly oidc_token: { readonly service_account_email: string; readonly audience: string };
  };
  readonly dead_letter_policy?: {
    readonly dead_letter_topic: string;
    readonly max_delivery_attempts: number;
  };
}

const fieldsOf = ({ fields }: Resource) => fields as unknown as SubscriptionFields;

const AGENT = 'serviceAccount:service-123456789012@gcp-sa-pubsub.iam.gserviceaccount.com';
/** The service that each consumer is. */
const SERVICE = { onOrder: 'tally-on-order', onPayment: 'tally-on-payment', onDlq: 'tally-on-dlq' } as const;

describe.each([undefined, 'staging'])('topics and subscriptions of the environment %s', (environment) => {
  const { ofType, resolve } = synthesize({ environment });
  const inIt = (name: string) => nameIn(environment, name);
  const subscriptions = ofType('google_pubsub_subscription').map(fieldsOf);

  it('are the topology’s topics', () => {
    const names = ofType('google_pubsub_topic').map(({ fields }) => fields.name);

    expect(names.toSorted()).toEqual(TOPICS.map(inIt).toSorted());
  });

  it('keep what was acked for seven days, so that a seek can deliver it again', () => {
    const kept = ofType('google_pubsub_topic').map(({ fields }) => fields.message_retention_duration);

    expect(kept).toEqual(TOPICS.map(() => '604800s'));
  });

  it('are the topology’s subscriptions, every number of them', () => {
    const expected = SUBSCRIPTIONS.map((spec) => ({
      name: inIt(spec.name),
      topic: inIt(spec.topic),
      ackDeadlineSeconds: spec.ackDeadlineSeconds,
      retention: `${spec.retentionSeconds}s`,
      backoff: [`${spec.minimumBackoffSeconds}s`, `${spec.maximumBackoffSeconds}s`],
      endpoint: `https://${inIt(SERVICE[spec.consumer])}`,
      deadLetter: spec.deadLetter && [inIt(spec.deadLetter.topic), spec.deadLetter.maxDeliveryAttempts],
    }));

    const made = subscriptions.map((subscription) => ({
      name: subscription.name,
      topic: resolve(subscription.topic),
      ackDeadlineSeconds: subscription.ack_deadline_seconds,
      retention: subscription.message_retention_duration,
      backoff: [subscription.retry_policy.minimum_backoff, subscription.retry_policy.maximum_backoff],
      endpoint: resolve(subscription.push_config.push_endpoint),
      deadLetter: subscription.dead_letter_policy && [
        resolve(subscription.dead_letter_policy.dead_letter_topic),
        subscription.dead_letter_policy.max_delivery_attempts,
      ],
    }));

    expect(made.toSorted(byName)).toEqual(expected.toSorted(byName));
  });

  it('push with a token of the push account, for the audience that is called', () => {
    for (const { push_config: push } of subscriptions) {
      expect(resolve(push.oidc_token.service_account_email)).toBe(inIt('tally-push'));
      expect(push.oidc_token.audience).toBe(push.push_endpoint);
    }
  });

  it('never expire, however idle they are', () => {
    for (const subscription of subscriptions) expect(subscription.expiration_policy).toEqual({ ttl: '' });
  });

  it('wait longer for an answer than their function may take', () => {
    const timeouts = new Map(
      ofType('google_cloudfunctions2_function').map(({ fields }) => [
        `https://${fields.name}`,
        Number(Reflect.get(Object(fields.service_config), 'timeout_seconds')),
      ]),
    );

    for (const subscription of subscriptions) {
      const timeout = timeouts.get(resolve(subscription.push_config.push_endpoint));
      expect(timeout).toBeLessThan(subscription.ack_deadline_seconds);
    }
  });

  it('dead-letter every input after 5 to 100 attempts, into a topic that somebody subscribes to', () => {
    const subscribed = new Set(subscriptions.map(({ topic }) => resolve(topic)));
    const withPolicy = subscriptions.filter((subscription) => subscription.dead_letter_policy !== undefined);

    expect(withPolicy.map(({ topic }) => resolve(topic)).toSorted()).toEqual(
      ['orders_data', 'payments_data'].map(inIt),
    );
    for (const { dead_letter_policy: policy } of withPolicy) {
      expect(policy?.max_delivery_attempts).toBeGreaterThanOrEqual(5);
      expect(policy?.max_delivery_attempts).toBeLessThanOrEqual(100);
      expect(subscribed).toContain(resolve(policy?.dead_letter_topic));
    }
  });
});

describe('a first apply that stops halfway', () => {
  const { resources, resolve, madeBefore } = synthesize();
  const inWords = ({ type, fields }: Resource): string[] => {
    if (type === 'google_pubsub_subscription') return [`subscription on ${resolve(fields.topic)}`];
    if (!type.includes('_iam_')) return [];
    return [`${resolve(fields.member)} ${fields.role} ${resolve(fields.topic ?? fields.service)}`];
  };
  const inputs = resources.filter(
    ({ type, fields }) => type === 'google_pubsub_subscription' && 'dead_letter_policy' in fields,
  );

  it.each([
    ['orders_data', 'tally-on-order'],
    ['payments_data', 'tally-on-payment'],
  ])('takes nothing from %s before its dead letters are kept and handled', (topic, service) => {
    const needed = inputs
      .filter(({ fields }) => resolve(fields.topic) === topic)
      .map((input) => madeBefore(input));

    const before = resources
      .filter((resource) => needed.some((addresses) => addresses.has(addressOf(resource))))
      .flatMap(inWords);

    expect(before).toEqual(
      expect.arrayContaining([
        `subscription on dlq_${topic}`,
        'account tally-push roles/run.invoker tally-on-dlq',
        `account tally-push roles/run.invoker ${service}`,
        `account ${service} roles/pubsub.publisher dlq_${topic}`,
        `${AGENT} roles/pubsub.publisher dlq_${topic}`,
      ]),
    );
  });
});

describe.each([
  ['functions', {}],
  ['a worker', { network: undefined, worker: {} }],
])('a first apply with %s that stops halfway', (_what, changes) => {
  it('lets nobody publish to a topic without a subscription, where Pub/Sub keeps nothing for later', () => {
    const { ofType, resolve, madeBefore } = synthesize({
      ...changes,
      producers: ['serviceAccount:shop@my-project.iam.gserviceaccount.com'],
      commands: { operators: ['user:a@example.com'] },
    });
    const grants = ofType('google_pubsub_topic_iam_member');

    const early = grants.filter((grant) => {
      const before = madeBefore(grant);
      return !ofType('google_pubsub_subscription').some(
        (subscription) =>
          resolve(subscription.fields.topic) === resolve(grant.fields.topic) &&
          before.has(addressOf(subscription)),
      );
    });
    // The producer, the simulator and the commands; the consumers and Pub/Sub itself. Two topics each.
    expect(grants).toHaveLength(2 * 3 + 2 * 2);
    expect(early.map(({ fields }) => `${resolve(fields.member)} to ${resolve(fields.topic)}`)).toEqual([]);
  });
});

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : 1);
