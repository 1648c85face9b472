import { describe, expect, it } from 'vitest';
import { traceFields } from '../../../shared/telemetry/traceFields.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

describe('traceFields', () => {
  it('gives the full name of the trace in its project', () => {
    const result = traceFields(`00-${TRACE_ID}-${SPAN_ID}-01`, 'tally-local');

    expect(result).toEqual({
      'logging.googleapis.com/trace': `projects/tally-local/traces/${TRACE_ID}`,
      'logging.googleapis.com/spanId': SPAN_ID,
    });
  });

  it('gives the bare id without a project', () => {
    const result = traceFields(`00-${TRACE_ID}-${SPAN_ID}-00`, undefined);

    expect(result['logging.googleapis.com/trace']).toBe(TRACE_ID);
  });

  it.each([
    ['absent', undefined],
    ['empty', ''],
    ['not a trace', 'trace'],
    ['in capitals', `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`],
    ['too short', `00-${TRACE_ID.slice(1)}-${SPAN_ID}-01`],
    ['with something behind it', `00-${TRACE_ID}-${SPAN_ID}-01 `],
    ['given twice', [`00-${TRACE_ID}-${SPAN_ID}-01`, `00-${TRACE_ID}-${SPAN_ID}-01`]],
    ['of the forbidden version', `ff-${TRACE_ID}-${SPAN_ID}-01`],
    ['with a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['with a span id of zeros', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
  ])('gives no fields for a header that is %s', (_what, traceparent) => {
    const result = traceFields(traceparent, 'tally-local');

    expect(result).toEqual({});
  });
});
