import { afterEach, describe, expect, it } from 'vitest';
import { loadTracesConfig } from '../../../shared/config.ts';
import { TransientError } from '../../../shared/errors.ts';
import { openTracer } from '../../../shared/telemetry/openTracer.ts';
import { parseTraceparent } from '../../../shared/telemetry/traceparent.ts';
import type { Tracer } from '../../../shared/telemetry/tracer.ts';
import { findFreePort } from '../../../local/ports.ts';
import { until } from '../../../proof/until.ts';
import { CARD } from '../../../proof/referenceMessages.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';
import { TRACEPARENT } from '../../support/messages/builders.ts';
import { type Collector, startCollector } from '../../support/telemetry/startCollector.ts';

let collector: Collector | undefined;

afterEach(async () => {
  await collector?.stop();
  collector = undefined;
});

const open = async (env: Readonly<Record<string, string>> = {}) => {
  collector = await startCollector();
  const recording = createRecordingLog();
  const config = loadTracesConfig('onOrder', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...env });
  return { tracer: required(await openTracer(config, recording.log)), collector, ...recording };
};

const required = (tracer: Tracer | undefined): Tracer => {
  if (tracer === undefined) throw new Error('expected a tracer');
  return tracer;
};

describe('a tracer', () => {
  it('sends spans as OTLP, with their parents, their words and the key of the collector', async () => {
    const { tracer, collector: to } = await open({
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=secret,Authorization=Basic%20dXNlcjpwYXNz',
    });

    const parent = tracer.begin('process', { parent: TRACEPARENT, kind: 'consumer' });
    tracer.begin('read', { parent: parent.traceparent, kind: 'client' }).end({ 'tally.entries': 3 });
    parent.end();
    await tracer.close();

    const { traceId, spanId } = parseTraceparent(parent.traceparent) ?? {};
    expect(to.spans()).toMatchObject([
      { service: 'onOrder', name: 'read', kind: 3, traceId, parentSpanId: spanId },
      { name: 'process', kind: 5, traceId, spanId, parentSpanId: parseTraceparent(TRACEPARENT)?.spanId },
    ]);
    expect(to.spans()[0]?.attributes).toEqual({ 'tally.entries': 3 });
    expect(to.headers()[0]).toMatchObject({
      'x-key': 'secret',
      authorization: 'Basic dXNlcjpwYXNz',
    });
  });

  it('measures from the moment that it is told', async () => {
    const { tracer, collector: to } = await open();

    tracer.begin('process', { kind: 'consumer', startedAt: performance.now() - 250 }).end();
    await tracer.close();

    const [span] = to.spans();
    const tookMs = Number((span?.endedAtNs ?? 0n) - (span?.startedAtNs ?? 0n)) / 1e6;
    expect(tookMs).toBeGreaterThanOrEqual(250);
    expect(tookMs).toBeLessThan(2_000);
  });

  it('masks the error of a span', async () => {
    const { tracer, collector: to } = await open();

    tracer.begin('record', { kind: 'client' }).end({}, new TransientError(`refused ${CARD}`));
    await tracer.close();

    expect(to.spans()[0]?.error).toContain('TransientError: refused');
    expect(to.spans()[0]?.error).not.toContain(CARD);
  });

  it.each([
    ['parentbased_always_on', '00', []],
    ['parentbased_always_on', '01', ['process']],
    ['always_on', '00', ['process']],
  ])('that is %s does with a trace of the flags %s: %j', async (sampler, flags, names) => {
    const { tracer, collector: to } = await open({ OTEL_TRACES_SAMPLER: sampler });

    const parent = TRACEPARENT.replace(/01$/, flags);
    const span = tracer.begin('process', { parent, kind: 'consumer' });
    span.end();
    await tracer.close();

    expect(to.spans().map(({ name }) => name)).toEqual(names);
    expect(span.traceparent.slice(-2)).toBe(names.length === 0 ? '00' : '01');
    expect(span.traceparent.slice(3, 35)).toBe(TRACEPARENT.slice(3, 35));
  });

  it('records about the share of traces that it is told, and whole traces', async () => {
    const { tracer, collector: to } = await open({
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
    });

    for (let index = 0; index < 1_000; index += 1) {
      const parent = tracer.begin('publish', { kind: 'producer' });
      tracer.begin('process', { parent: parent.traceparent, kind: 'consumer' }).end();
      parent.end();
    }
    await tracer.close();

    const traces = Map.groupBy(to.spans(), ({ traceId }) => traceId);
    expect(traces.size).toBeGreaterThan(150);
    expect(traces.size).toBeLessThan(350);
    expect([...traces.values()].filter(({ length }) => length !== 2)).toEqual([]);
  });
});

describe('a collector that is away', () => {
  it('is said once, costs only spans, and does not hold the end up', async () => {
    const { log, lines, text } = createRecordingLog();
    const endpoint = `http://127.0.0.1:${await findFreePort()}`;
    const tracer = required(
      await openTracer(loadTracesConfig('onOrder', { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }), log),
    );

    for (let index = 0; index < 10_000; index += 1) tracer.begin('process', { kind: 'consumer' }).end();
    const startedAt = performance.now();
    await tracer.close();

    expect(performance.now() - startedAt).toBeLessThan(1_500);
    await until('the failure', () => text().includes('traces not sent'), 7_000);
    expect(lines().filter(({ message }) => message === 'traces not sent')).toHaveLength(1);
    expect(lines()).toContainEqual(
      expect.objectContaining({ severity: 'WARNING', endpoint, spans_lost: 10_000, spans_sent: 0 }),
    );
  });
});
