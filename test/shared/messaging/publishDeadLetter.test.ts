import { describe, expect, it } from 'vitest';
import { TransientError } from '../../../shared/errors.ts';
import { toErrorText } from '../../../shared/masking/toErrorText.ts';
import {
  createPublishDeadLetter,
  PLAIN_BODY_BYTES_MAX,
} from '../../../shared/messaging/publishDeadLetter.ts';
import type { OutgoingMessage } from '../../../shared/messaging/publisher.ts';
import type { Topic } from '../../../shared/topology.ts';
import { event } from '../../support/messages/builders.ts';
import { CARD } from '../../../proof/referenceMessages.ts';

const createFakePublisher = () => {
  const published: (OutgoingMessage & { readonly topic: Topic })[] = [];
  const publish = async (topic: Topic, message: OutgoingMessage): Promise<string> => {
    published.push({ topic, ...message });
    return '9009';
  };
  return { published, publish };
};

describe('a dead letter', () => {
  it('carries the body as it came, and in its attributes the reason and the origin', async () => {
    const { published, publish } = createFakePublisher();
    const letter = event({ messageId: '8002', originMessageId: '7001', redriveCount: 2 });

    await createPublishDeadLetter({ publish })(letter, 'unmatched', 'order 1 has not come yet');

    expect(published).toEqual([
      {
        topic: 'dlq_payments_data',
        data: letter.data,
        attributes: {
          dead_letter_reason: 'unmatched',
          dead_letter_error: 'order 1 has not come yet',
          event_id: '0123456789abcdef0123456789abcdef',
          origin_topic: 'payments_data',
          origin_message_id: '7001',
          origin_publish_time: '2024-01-21T10:00:00.123Z',
          redrive_count: '2',
        },
      },
    ]);
  });

  it.each([
    ['orders_data', 'dlq_orders_data'],
    ['payments_data', 'dlq_payments_data'],
  ] as const)('of %s goes to %s', async (origin, topic) => {
    const { published, publish } = createFakePublisher();

    await createPublishDeadLetter({ publish })(event({ origin }), 'invalid', '');

    expect(published.map((message) => message.topic)).toEqual([topic]);
  });

  it('says that its body was redacted', async () => {
    const { published, publish } = createFakePublisher();

    await createPublishDeadLetter({ publish })(event({ isRedacted: true }), 'invalid', '');

    expect(published[0]?.attributes).toMatchObject({ redacted: 'card_number' });
  });

  it.each([
    ['plain at the limit', PLAIN_BODY_BYTES_MAX, undefined],
    ['packed above it', PLAIN_BODY_BYTES_MAX + 1, 'gzip'],
  ])('has a body that is %s', async (_how, bytes, encoding) => {
    const { published, publish } = createFakePublisher();

    await createPublishDeadLetter({ publish })(event({ data: Buffer.alloc(bytes, 'a') }), 'invalid', '');

    expect(published[0]?.attributes?.body_encoding).toBe(encoding);
    expect(published[0]?.data.byteLength).toBeLessThanOrEqual(PLAIN_BODY_BYTES_MAX);
  });

  it('fails when its publish fails, so that the message is not acked', async () => {
    const failure = new TransientError('publish to dlq_payments_data was not confirmed');
    const publish = () => Promise.reject(failure);

    const result = createPublishDeadLetter({ publish })(event(), 'unmatched', '');

    await expect(result).rejects.toBe(failure);
  });

  it('keeps every attribute below the 1024 bytes that Pub/Sub takes, in any script', async () => {
    const { published, publish } = createFakePublisher();

    await createPublishDeadLetter({ publish })(event(), 'invalid', '漢'.repeat(5_000));

    const sizes = Object.values(published[0]?.attributes ?? {}).map((value) => Buffer.byteLength(value));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1_024);
  });
});

describe('an error text', () => {
  it('is masked before it is cut, so that the cut hides no card number from the mask', () => {
    const text = `${'x'.repeat(240)} ${CARD}`;

    const result = toErrorText(text);

    expect(result).toBe(`${'x'.repeat(240)} *********`);
  });
});
