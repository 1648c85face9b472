import { describe, expect, it } from 'vitest';
import type { Report } from '../../../shared/domain/deadLetter.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { OutgoingMessage } from '../../../shared/messaging/publisher.ts';
import { createPublishReports } from '../../../shared/protocol/publishReports.ts';
import type { Topic } from '../../../shared/topology.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { event } from '../../support/messages/builders.ts';

const createFakePublisher = () => {
  const published: (OutgoingMessage & { readonly topic: Topic })[] = [];
  const publish = async (topic: Topic, message: OutgoingMessage): Promise<string> => {
    published.push({ topic, ...message });
    return '9009';
  };
  return { published, publish };
};

const report = (changes: Partial<Report> = {}): Report => ({
  reason: 'unmatched',
  error: 'payment 1001 waits for order 1',
  id: event().eventId,
  sinceMs: PUBLISHED_AT_MS,
  ...changes,
});

describe('the reports of an event', () => {
  it('are one message with the body as it came, and with reasons and origin in its attributes', async () => {
    const { published, publish } = createFakePublisher();
    const letter = event({ messageId: '8002', originMessageId: '7001', redriveCount: 2 });
    const conflict = report({ reason: 'conflict', error: 'paid twice', id: 'f'.repeat(32) });

    await createPublishReports({ publish })(letter, [report(), conflict]);

    expect(published).toEqual([
      {
        topic: 'dlq_payments_data',
        data: letter.data,
        attributes: {
          tally_reason: 'unmatched,conflict',
          tally_error: 'payment 1001 waits for order 1; paid twice',
          tally_event_id: '0123456789abcdef0123456789abcdef',
          tally_origin_topic: 'payments_data',
          tally_origin_message_id: '7001',
          tally_origin_publish_time: '2024-01-21T10:00:00.123Z',
          tally_redrive_count: '2',
          tally_finding_conflict: JSON.stringify({
            id: 'f'.repeat(32),
            since: '2024-01-21T10:00:00.123Z',
            error: 'paid twice',
          }),
          traceparent: letter.traceparent,
        },
      },
    ]);
  });

  it.each([
    ['orders_data', 'dlq_orders_data'],
    ['payments_data', 'dlq_payments_data'],
  ] as const)('of %s go to %s', async (origin, topic) => {
    const { published, publish } = createFakePublisher();

    await createPublishReports({ publish })(event({ origin }), [report({ reason: 'invalid' })]);

    expect(published.map((message) => message.topic)).toEqual([topic]);
  });

  it('have what is kept of a body that is cut, with its size and hash', async () => {
    const { published, publish } = createFakePublisher();
    const cut = { bytes: 10_000_000, sha256: 'ab'.repeat(32) };

    await createPublishReports({ publish })(event({ data: Buffer.from('start'), cut }), [report()]);

    const [{ data, attributes } = { data: Buffer.alloc(0) }] = published;
    expect(data).toEqual(Buffer.from('start'));
    expect(attributes).toMatchObject({
      tally_body_bytes: '10000000',
      tally_body_sha256: cut.sha256,
    });
  });

  it('are not told when the publish fails, so that the message is not acked', async () => {
    const failure = new TransientError('publish to dlq_payments_data was not confirmed');
    const publish = () => Promise.reject(failure);

    await expect(createPublishReports({ publish })(event(), [report()])).rejects.toBe(failure);
  });
});
