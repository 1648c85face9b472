import { describe, expect, it } from 'vitest';
import { maskCardNumbers } from '../../../shared/masking/maskCardNumbers.ts';
import {
  formatTraceparent,
  newId,
  newTraceparent,
  parseTraceparent,
  traceparentOfEvent,
} from '../../../shared/telemetry/traceparent.ts';
import { CARD } from '../../../proof/referenceMessages.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it.each([
    [`00-${TRACE_ID}-${SPAN_ID}-01`, true],
    [`00-${TRACE_ID}-${SPAN_ID}-00`, false],
    [`00-${TRACE_ID}-${SPAN_ID}-03`, true],
    [`cc-${TRACE_ID}-${SPAN_ID}-02`, false],
  ])('%s says its ids, and whether it is recorded: %s', (text, isSampled) => {
    expect(parseTraceparent(text)).toEqual({ traceId: TRACE_ID, spanId: SPAN_ID, isSampled });
  });

  it('is written as it is read', () => {
    const text = `00-${TRACE_ID}-${SPAN_ID}-00`;
    const context = parseTraceparent(text);

    expect(context && formatTraceparent(context)).toBe(text);
  });

  it.each([
    ['in a trace id', `00-${CARD}${'a'.repeat(16)}-${SPAN_ID}-01`],
    ['as a span id', `00-${TRACE_ID}-${CARD}-01`],
  ])('with a card number %s is not taken', (_where, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

describe('a new trace', () => {
  it('is another one each time, and every reader takes it', () => {
    const many = Array.from({ length: 5_000 }, newTraceparent);

    expect(new Set(many).size).toBe(many.length);
    expect(many.filter((one) => parseTraceparent(one) === undefined)).toEqual([]);
  });

  it('of an event follows from its id, and every reader takes it', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => traceparentOfEvent(`event ${index}`));

    expect(traceparentOfEvent('event 17')).toBe(many[17]);
    expect(new Set(many).size).toBe(many.length);
    expect(many.filter((one) => parseTraceparent(one) === undefined)).toEqual([]);
  });
});

describe('a new id', () => {
  it.each([32, 16] as const)('of %d digits never looks like a card number', (digits) => {
    const ids = Array.from({ length: 5_000 }, () => newId(digits));

    expect(ids.filter((id) => id.length !== digits || maskCardNumbers(id) !== id)).toEqual([]);
  });
});
