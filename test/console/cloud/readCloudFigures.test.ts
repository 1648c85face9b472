import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCloudFigures } from '../../../console/cloud/readCloudFigures.ts';
import { createGoogleApi } from '../../../console/cloud/googleApi.ts';
import { type FakeGoogle, NEWEST, startFakeGoogle } from '../../support/console/startFakeGoogle.ts';

const NOW_MS = Date.parse('2026-01-01T10:00:00Z');
const NEWEST_MS = Date.parse(NEWEST);
let google: FakeGoogle;

beforeEach(async () => {
  google = await startFakeGoogle();
});
afterEach(() => google.stop());

const read = (environment?: string) =>
  readCloudFigures(
    {
      api: createGoogleApi({
        authorize: async () => new Headers({ authorization: 'Bearer of-a-person' }),
        signal: new AbortController().signal,
      }),
      project: 'my-project',
      environment,
      baseUrl: google.url,
    },
    NOW_MS,
  );

describe('the figures of Cloud Monitoring', () => {
  it('are asked for as its reference says, eight metrics, with the names of the environment', async () => {
    await read('staging');

    expect(google.asked.map(({ method, url, token }) => [method, url.pathname, token])).toEqual(
      Array.from({ length: 8 }, () => ['GET', '/v3/projects/my-project/timeSeries', 'Bearer of-a-person']),
    );
    const [published, , , pushes] = google.asked.map(({ url }) => url.searchParams);
    expect([...(published ?? [])]).toEqual([
      [
        'filter',
        'metric.type="pubsub.googleapis.com/topic/send_message_operation_count" AND resource.type="pubsub_topic" AND ' +
          'resource.label.topic_id=one_of("staging-orders_data","staging-payments_data","staging-dlq_orders_data","staging-dlq_payments_data")',
      ],
      ['interval.startTime', '2026-01-01T09:50:00.000Z'],
      ['interval.endTime', '2026-01-01T10:00:00.000Z'],
      ['aggregation.alignmentPeriod', '60s'],
      ['aggregation.perSeriesAligner', 'ALIGN_RATE'],
      ['aggregation.crossSeriesReducer', 'REDUCE_SUM'],
      ['aggregation.groupByFields', 'resource.label.topic_id'],
      ['pageSize', '500'],
    ]);
    expect(pushes?.getAll('aggregation.groupByFields')).toEqual([
      'resource.label.subscription_id',
      'metric.label.response_class',
    ]);
  });

  it('are the newest point of each series, by topic, subscription and function', async () => {
    const orders = { subscription_id: 'staging-orders_data-sub' };
    google.series.set('send_message_operation_count', [
      { labels: { topic_id: 'staging-orders_data' }, value: 12.5 },
      { labels: { topic_id: 'staging-dlq_orders_data' }, value: 0.5 },
    ]);
    google.series.set('num_undelivered_messages', [{ labels: orders, value: 17, isInt: true }]);
    google.series.set('oldest_unacked_message_age', [{ labels: orders, value: 90, isInt: true }]);
    google.series.set('push_request_count', [
      { labels: { ...orders, response_class: 'ack' }, value: 12 },
      { labels: { ...orders, response_class: 'remote_server_5xx' }, value: 3 },
    ]);
    google.series.set('dead_letter_message_count', [{ labels: orders, value: 4, isInt: true }]);
    google.series.set('request_latencies', [
      { labels: { service_name: 'staging-tally-on-order' }, value: 44 },
    ]);
    google.series.set('outcomes', [
      { labels: { outcome: 'matched' }, value: 6 },
      { labels: { outcome: 'retry' }, value: 3 },
    ]);

    const { figures, edges, newestAtMs } = await read('staging');

    expect(newestAtMs).toBe(NEWEST_MS);
    expect(figures).toMatchObject({
      published: { perSecond: 12.5, total: null },
      acked: { perSecond: 12 },
      matched: { perSecond: 6 },
      retries: { perSecond: 3 },
      outcomes: { matched: 6, retry: 3 },
    });
    expect(edges.topics['dlq_orders_data']).toEqual({ perSecond: 0.5 });
    expect(edges.subscriptions['orders_data-sub']).toEqual({
      perSecond: 15,
      backlog: 17,
      oldestMs: NEWEST_MS - 90_000,
      forwarded: 4,
    });
    expect(edges.functions['onOrder']).toMatchObject({
      perSecond: 15,
      p95Ms: 44,
      errorsPerSecond: 3,
      fails: 'remote_server_5xx',
    });
  });

  it('are the acks where a worker pulls, of which Pub/Sub counts no failures', async () => {
    google.series.set('ack_message_count', [
      { labels: { subscription_id: 'orders_data-sub' }, value: 9 },
      { labels: { subscription_id: 'dlq_orders_data-sub' }, value: 1 },
    ]);
    google.series.set('outcomes', [{ labels: { outcome: 'stored' }, value: 9 }]);

    const { figures, edges } = await read();

    expect(figures).toMatchObject({ acked: { perSecond: 9 }, outcomes: { stored: 9 } });
    expect(edges.subscriptions['dlq_orders_data-sub']).toMatchObject({ perSecond: 1 });
    expect(edges.functions['onOrder']).toMatchObject({ perSecond: 9, errorsPerSecond: null, fails: null });
    const outcomes = google.asked.map(({ url }) => url.searchParams.get('filter')).at(-1);
    expect(outcomes).toBe('metric.type="logging.googleapis.com/user/tally/outcomes"');
  });

  it('of one metric are of one moment: a series that had nothing to count then adds nothing', async () => {
    const endTime = '2026-01-01T09:51:00Z';
    const orders = { subscription_id: 'orders_data-sub' };
    google.series.set('push_request_count', [
      { labels: { ...orders, response_class: 'remote_server_5xx' }, value: 41, endTime },
      { labels: { ...orders, response_class: 'ack' }, value: 100 },
    ]);
    google.series.set('outcomes', [
      { labels: { outcome: 'retry' }, value: 41, endTime },
      { labels: { outcome: 'stored' }, value: 100 },
    ]);

    const { figures, edges } = await read();

    expect(edges.functions['onOrder']).toMatchObject({ perSecond: 100, errorsPerSecond: 0, fails: null });
    expect([figures.retries.perSecond, figures.outcomes]).toEqual([null, { stored: 100 }]);
  });

  it('are as old as the oldest of them', async () => {
    const endTime = '2026-01-01T09:55:00Z';
    google.series.set('send_message_operation_count', [{ labels: { topic_id: 'orders_data' }, value: 1 }]);
    google.series.set('outcomes', [{ labels: { outcome: 'stored' }, value: 1, endTime }]);

    expect(await read()).toMatchObject({ oldestAtMs: Date.parse(endTime), newestAtMs: NEWEST_MS });
  });

  it('are null where Monitoring says nothing, never 0', async () => {
    const { figures, edges, oldestAtMs, newestAtMs } = await read();

    expect([oldestAtMs, newestAtMs]).toEqual([null, null]);
    const unknown = { perSecond: null, total: null };
    expect(figures).toEqual({
      published: unknown,
      acked: unknown,
      matched: unknown,
      retries: unknown,
      outcomes: {},
      endToEnd: null,
    });
    expect(edges.subscriptions['payments_data-sub']).toEqual({
      perSecond: null,
      backlog: null,
      oldestMs: null,
      forwarded: null,
    });
    expect(edges.functions['onDlq']).toMatchObject({ perSecond: null, errorsPerSecond: null, fails: null });
  });

  it.each([
    [
      'a refusal',
      {
        status: 403,
        body: '{"error":{"code":403,"status":"PERMISSION_DENIED","message":"Permission monitoring.timeSeries.list denied"}}',
      },
      '127.0.0.1 answered 403: PERMISSION_DENIED: Permission monitoring.timeSeries.list denied',
    ],
    ['an error without words', { status: 500, body: '{}' }, '127.0.0.1 answered 500'],
    ['no JSON', { status: 200, body: '<html>' }, '127.0.0.1 did not answer: what came is not JSON'],
    ['another form', { status: 200, body: '{"timeSeries":7}' }, 'answer has another form: timeSeries'],
    ['too many pages', { status: 200, body: '{"nextPageToken":"x"}' }, 'more than 2500 series'],
    ['too many bytes', { status: 200, body: ' '.repeat(5 * 1024 * 1024) }, 'more than 4194304 bytes'],
  ])('are refused with a sentence after %s', async (_what, answer, sentence) => {
    google.answer = answer;

    await expect(read()).rejects.toThrow(sentence);
  });
});
