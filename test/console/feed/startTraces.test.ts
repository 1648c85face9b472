import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTraces } from '../../../console/feed/startTraces.ts';
import { createTraces } from '../../../console/feed/traces.ts';
import { loadTracesConfig } from '../../../shared/config.ts';
import { openTracer } from '../../../shared/telemetry/openTracer.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

type Running = Awaited<ReturnType<typeof startTraces>>;
let running: Running;

beforeEach(async () => {
  running = await startTraces();
});
afterEach(() => running.stop());

const EVENT = 'e'.repeat(32);

/** `fetch` does not let a test choose these headers. */
const post = (headers: Record<string, string>, body = '{}', path = '/v1/traces'): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(`${running.endpoint}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  sent.on('response', (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
};

describe('the receiver of traces', () => {
  it('takes the spans of a function, as its tracer sends them', async () => {
    const config = loadTracesConfig('onOrder', { OTEL_EXPORTER_OTLP_ENDPOINT: running.endpoint });
    const tracer = await openTracer(config, createRecordingLog().log);
    const delivery = tracer?.begin('process orders_data-sub', {
      kind: 'consumer',
      attributes: { 'tally.event_id': EVENT, 'messaging.gcp_pubsub.message.delivery_attempt': 3 },
    });
    tracer?.begin('read', { parent: delivery?.traceparent ?? '', kind: 'client' }).end();
    delivery?.end({ 'tally.outcome': 'stored' });
    await tracer?.close();

    expect(running.stepsOf(EVENT)).toMatchObject({
      attempt: 3,
      outcome: 'stored',
      steps: [{ name: 'read', error: null }],
    });
  });

  it.each([
    ['an Origin', { origin: 'https://evil.example' }, 403],
    ['its own Origin', { origin: 'http://127.0.0.1' }, 403],
    ['another Host', { host: 'evil.example' }, 403],
    ['a form', { 'content-type': 'text/plain' }, 415],
    ['packed bytes', { 'content-encoding': 'gzip' }, 415],
  ])('refuses a request with %s', async (_what, headers, status) => {
    expect(await post(headers)).toBe(status);
  });

  it.each([
    ['that is not JSON', '{'],
    ['that is not OTLP', '{"resourceSpans":1}'],
    [
      'with ids of another form',
      JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'x' }] }] }] }),
    ],
  ])('refuses a body %s', async (_what, body) => {
    expect(await post({}, body)).toBe(400);
  });

  it('refuses a body that is too large, and another path', async () => {
    expect(await post({}, ' '.repeat(4 * 1024 * 1024 + 1))).toBe(413);
    expect(await post({}, '{}', '/v1/logs')).toBe(404);
  });

  it('says a bug, and answers 500', async () => {
    await running.stop();
    const bugs: unknown[] = [];
    const add = (): void => {
      throw new Error('a bug');
    };
    running = await startTraces({ traces: { ...createTraces(), add }, onBug: (fields) => bugs.push(fields) });

    const status = await post({}, '{"resourceSpans":[]}');

    expect(status).toBe(500);
    expect(bugs).toEqual([expect.objectContaining({ error: 'Error: a bug' })]);
  });

  it('does not call it a bug that a client goes away', async () => {
    await running.stop();
    const bugs: unknown[] = [];
    running = await startTraces({ traces: createTraces(), onBug: (fields) => bugs.push(fields) });
    const headers = { 'content-type': 'application/json', 'content-length': '9' };
    const sent = request(`${running.endpoint}/v1/traces`, { method: 'POST', headers });
    const closed = Promise.withResolvers<void>();
    sent.on('error', () => {});
    sent.on('close', closed.resolve);
    sent.write('{', () => sent.destroy());
    await closed.promise;

    await post({});

    expect(bugs).toEqual([]);
  });

  it('answers what is not a POST with 405', async () => {
    expect((await fetch(`${running.endpoint}/v1/traces`)).status).toBe(405);
  });
});
