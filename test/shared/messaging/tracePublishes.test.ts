import { describe, expect, it } from 'vitest';
import type { OutgoingMessage } from '../../../shared/messaging/publisher.ts';
import { tracePublishes } from '../../../shared/messaging/tracePublishes.ts';
import { createRecordingTracer } from '../../support/telemetry/recordingTracer.ts';

const MESSAGE: OutgoingMessage = { data: Buffer.from('{}'), attributes: { tally_run: '7' } };

describe('a publish that is traced', () => {
  it('is a span, which its message carries beside its own attributes', async () => {
    const { tracer, spans } = createRecordingTracer();
    const sent: OutgoingMessage[] = [];
    const publish = async (_: string, message: OutgoingMessage) => {
      sent.push(message);
      return '9';
    };

    await tracePublishes(tracer, { publish }, { 'tally.run_id': 'a run' }).publish('orders_data', MESSAGE);

    expect(sent[0]?.attributes).toEqual({ tally_run: '7', traceparent: spans[0]?.traceparent });
    expect(spans).toMatchObject([
      { name: 'publish orders_data', kind: 'producer', isEnded: true, error: undefined },
    ]);
    expect(spans[0]?.attributes).toEqual({
      'messaging.system': 'gcp_pubsub',
      'messaging.operation.type': 'publish',
      'messaging.destination.name': 'orders_data',
      'tally.run_id': 'a run',
      'messaging.message.id': '9',
    });
  });

  it('ends with the error of the publish', async () => {
    const { tracer, spans } = createRecordingTracer();
    const error = new Error('refused');

    const traced = tracePublishes(tracer, { publish: () => Promise.reject(error) }, {});

    await expect(traced.publish('orders_data', MESSAGE)).rejects.toBe(error);
    expect(spans).toMatchObject([{ isEnded: true, error }]);
  });
});
