import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import type { TracesConfig } from '../config.ts';
import { TRACES_FLUSH_TIMEOUT_MS } from '../deadlines.ts';
import { TransientError } from '../errors.ts';
import { errorFields } from './errorFields.ts';
import type { Log } from './log.ts';
import { formatTraceparent, newId, parseTraceparent } from './traceparent.ts';
import type { Span, Tracer } from './tracer.ts';

/** Spans that wait to be sent. A span has about a kilobyte. What finds no room is dropped and counted. */
const QUEUE_SPANS_MAX = 4_096;
const BATCH_SPANS_MAX = 512;
const BATCH_WAIT_MS = 1_000;
/** A collector that answers later is not waited for. */
const EXPORT_TIMEOUT_MS = 5_000;
/** OTLP's requests in flight. The queue above is drained by one, and by all of them when the process ends. */
const EXPORTS_MAX = QUEUE_SPANS_MAX / BATCH_SPANS_MAX + 1;

/** OpenTelemetry's `ExportResultCode.SUCCESS`, which is in a package that Tally does not name. */
const EXPORTED = 0;

const KIND = {
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
  internal: SpanKind.INTERNAL,
};

/**
 * Records spans with OpenTelemetry, and sends them in batches as OTLP's JSON over HTTP. Nobody waits for
 * that: a collector that is away or slow costs spans, never a message. The log says so once, and at the end
 * how many are lost.
 */
export const createOtlpTracer = (config: TracesConfig, log: Log): Tracer => {
  const { endpoint, headers, serviceName } = config;
  let ended = 0;
  let isFailureSaid = false;
  const sending = countExports(
    new OTLPTraceExporter({
      url: `${endpoint}/v1/traces`,
      headers: { ...headers },
      timeoutMillis: EXPORT_TIMEOUT_MS,
      concurrencyLimit: EXPORTS_MAX,
    }),
    (error) => {
      if (isFailureSaid) return;
      const failure = new TransientError('the collector did not take them', { cause: error });
      log.warn({ endpoint, ...errorFields(failure) }, 'traces not sent');
      isFailureSaid = true;
    },
  );
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    sampler: samplerOf(config),
    idGenerator: { generateTraceId: () => newId(32), generateSpanId: () => newId(16) },
    spanProcessors: [
      new BatchSpanProcessor(sending.exporter, {
        maxQueueSize: QUEUE_SPANS_MAX,
        maxExportBatchSize: BATCH_SPANS_MAX,
        scheduledDelayMillis: BATCH_WAIT_MS,
        exportTimeoutMillis: EXPORT_TIMEOUT_MS,
      }),
    ],
  });
  const otel = provider.getTracer('tally');

  const begin: Tracer['begin'] = (
    name,
    { parent, kind, attributes, startedAt = performance.now() },
  ): Span => {
    const options = { kind: KIND[kind], startTime: startedAt, ...(attributes && { attributes }) };
    const span = otel.startSpan(name, options, contextOf(parent));
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: formatTraceparent({ traceId, spanId, isSampled: (traceFlags & 1) === 1 }),
      end: (more = {}, error) => {
        if (!span.isRecording()) return;
        const { error: message } = errorFields(error);
        if (typeof message === 'string') span.setStatus({ code: SpanStatusCode.ERROR, message });
        ended += 1;
        span.setAttributes(more).end(performance.now());
      },
    };
  };

  return {
    begin,
    close: async () => {
      await within(TRACES_FLUSH_TIMEOUT_MS, provider.shutdown());
      const lost = ended - sending.sent();
      if (lost > 0) log.warn({ endpoint, spans_lost: lost, spans_sent: sending.sent() }, 'traces incomplete');
    },
  };
};

const samplerOf = ({ sampler }: TracesConfig): Sampler => {
  if (sampler.kind === 'traceidratio') return new TraceIdRatioBasedSampler(sampler.ratio);
  const always = new AlwaysOnSampler();
  return sampler.kind === 'always_on' ? always : new ParentBasedSampler({ root: always });
};

/** The parent is passed on by hand. OpenTelemetry's own way would pay for async hooks at every await. */
const contextOf = (parent: string | undefined): Context => {
  const found = parseTraceparent(parent);
  if (found === undefined) return ROOT_CONTEXT;
  const { traceId, spanId, isSampled } = found;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: isSampled ? 1 : 0,
    isRemote: true,
  });
};

interface CountedExports {
  readonly exporter: SpanExporter;
  /** How many spans a collector has taken. */
  readonly sent: () => number;
}

const countExports = (inner: SpanExporter, onFailure: (error: unknown) => void): CountedExports => {
  let sent = 0;
  return {
    sent: () => sent,
    exporter: {
      export: (spans, done) =>
        inner.export(spans, (result) => {
          const code: number = result.code;
          if (code === EXPORTED) sent += spans.length;
          else onFailure(result.error);
          done(result);
        }),
      shutdown: () => inner.shutdown(),
    },
  };
};

const within = async (timeoutMs: number, work: Promise<unknown>): Promise<void> => {
  const { promise: expired, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeoutMs);
  // What failed was said when it failed, and the count of lost spans has it.
  await Promise.race([work.catch(() => {}), expired]);
  clearTimeout(timer);
};
