import { hash } from 'node:crypto';
import { maskCardNumbers } from '../masking/maskCardNumbers.ts';
import { randomHex } from './randomHex.ts';

/** W3C Trace Context: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;
const TRACE_ID_HEX_DIGITS = 32;
const SPAN_ID_HEX_DIGITS = 16;
const SAMPLED = 1;

/** The ids in a `traceparent`, and whether whoever wrote it records the trace. */
interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits: the span that caused what carries the `traceparent`. */
  readonly spanId: string;
  readonly isSampled: boolean;
}

/**
 * Reads a `traceparent`.
 * `'00-<trace id>-<span id>-01'` → `{ traceId: '<trace id>', spanId: '<span id>', isSampled: true }`.
 * @param raw the header of a request, or the attribute of a message.
 * @returns undefined when it is absent or malformed, and when an id in it looks like a card number. Whoever
 * sends it chooses the ids, and they are logged (I8). One in ten thousand random ids looks like one.
 */
export const parseTraceparent = (raw: string | string[] | undefined): TraceContext | undefined => {
  if (raw === undefined) return undefined;
  const [text, traceId, spanId, flags] = TRACEPARENT.exec(String(raw)) ?? [];
  if (text === undefined || traceId === undefined || spanId === undefined) return undefined;
  if (looksLikeCard(text) || looksLikeCard(traceId) || looksLikeCard(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(String(flags), 16) & SAMPLED) === SAMPLED };
};

/** Writes a `traceparent`, the opposite of `parseTraceparent`. */
export const formatTraceparent = ({ traceId, spanId, isSampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;

/** A new trace, as a `traceparent`. No id in it looks like a card number, so every reader takes it. */
export const newTraceparent = (): string =>
  firstTraceparent(() => randomHex(TRACE_ID_HEX_DIGITS + SPAN_ID_HEX_DIGITS));

/**
 * The trace of an event that came without one, as a `traceparent`. It follows from the event's id, so all
 * deliveries of the event are in one trace.
 */
export const traceparentOfEvent = (eventId: string): string =>
  firstTraceparent((attempt) => hash('sha256', `traceparent\n${eventId}\n${attempt}`));

/** @returns a random id of so many hex digits that does not look like a card number. */
export const newId = (hexDigits: 32 | 16): string => {
  for (;;) {
    const id = randomHex(hexDigits);
    if (!looksLikeCard(id) && /[1-9a-f]/.test(id)) return id;
  }
};

/** @param draw gives at least 48 hex digits, others each time. */
const firstTraceparent = (draw: (attempt: number) => string): string => {
  for (let attempt = 0; ; attempt += 1) {
    const digits = draw(attempt);
    const spanEnd = TRACE_ID_HEX_DIGITS + SPAN_ID_HEX_DIGITS;
    const traceparent = formatTraceparent({
      traceId: digits.slice(0, TRACE_ID_HEX_DIGITS),
      spanId: digits.slice(TRACE_ID_HEX_DIGITS, spanEnd),
      // Nobody has recorded anything yet. Who is asked to record what follows from it, may do so.
      isSampled: true,
    });
    if (parseTraceparent(traceparent) !== undefined) return traceparent;
  }
};

const looksLikeCard = (id: string): boolean => maskCardNumbers(id) !== id;
