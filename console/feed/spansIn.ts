import * as z from 'zod';
import { toErrorText } from '../../shared/masking/toErrorText.ts';

/** A span, as much of it as the console shows. */
export interface ReceivedSpan {
  /** 16 hex digits each. */
  readonly spanId: string;
  readonly parentSpanId: string;
  /** 32 hex digits. */
  readonly traceId: string;
  readonly name: string;
  readonly startedAtMs: number;
  readonly tookMs: number;
  /** What was wrong, masked; null when nothing was. */
  readonly error: string | null;
  readonly attributes: ReadonlyMap<string, string>;
}

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));
/** Nanoseconds since the epoch. JSON has them as text, because a number has not enough digits. */
const nanoseconds = z.string().regex(/^\d{1,19}$/);
const value = z.looseObject({
  stringValue: z.string().max(1_000).optional(),
  intValue: z.union([z.number(), z.string().regex(/^-?\d{1,19}$/)]).optional(),
  boolValue: z.boolean().optional(),
});
const spanSchema = z.looseObject({
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: z.union([hex(16), z.literal('')]).optional(),
  name: z.string().max(200),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes: z
    .array(z.looseObject({ key: z.string().max(200), value }))
    .max(128)
    .default([]),
  status: z.looseObject({ code: z.int().optional(), message: z.string().optional() }).default({}),
});
const STATUS_ERROR = 2;

/** OTLP's request: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding. */
const requestSchema = z.looseObject({
  resourceSpans: z
    .array(
      z.looseObject({
        scopeSpans: z.array(z.looseObject({ spans: z.array(spanSchema).max(10_000) })).max(100),
      }),
    )
    .max(100),
});

/** What is wrong with a request that is no OTLP. */
export class NotOtlpError extends Error {
  override readonly name = 'NotOtlpError';
}

/**
 * Reads the spans of a request in OTLP's JSON.
 * @throws NotOtlpError that says which part is wrong, and quotes nothing.
 */
export const spansIn = (request: unknown): readonly ReceivedSpan[] => {
  const result = requestSchema.safeParse(request);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new NotOtlpError(`expected OTLP’s JSON: ${issue?.path.join('.') || 'body'}: ${issue?.message}`);
  }
  return result.data.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans.map(toSpan)),
  );
};

const toSpan = (span: z.infer<typeof spanSchema>): ReceivedSpan => ({
  spanId: span.spanId,
  parentSpanId: span.parentSpanId ?? '',
  traceId: span.traceId,
  name: span.name,
  startedAtMs: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
  tookMs: Number((BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1_000n) / 1_000,
  error: span.status.code === STATUS_ERROR ? toErrorText(span.status.message ?? 'it failed') : null,
  attributes: new Map(
    span.attributes.map(({ key, value: { stringValue, intValue, boolValue } }) => [
      key,
      String(stringValue ?? intValue ?? boolValue ?? ''),
    ]),
  ),
});
