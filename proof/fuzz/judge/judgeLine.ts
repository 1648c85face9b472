import { type Json, judgeJson, TOO_DEEP } from './judgeJson.ts';

const ALWAYS = ['severity', 'time', 'logging.googleapis.com/labels', 'message'];
const TRACE_NAME = 'logging.googleapis.com/trace';
const TRACE = [TRACE_NAME, 'logging.googleapis.com/spanId'];
const OUTCOME = [
  'settlement',
  'outcome',
  'reason',
  'error',
  'findings',
  'clock_refused',
  'redacted',
  'order_id',
  'payment_id',
  'event_id',
  'origin_topic',
  'subscription',
  'message_id',
  'origin_message_id',
  'publish_time',
  'delivery_attempt',
  'redrive_count',
  'duration_ms',
];
const KEYS: Readonly<Record<string, readonly string[]>> = {
  'message settled': OUTCOME,
  'request refused': ['status', 'error'],
};
/** Only lines about a fault of the world or a bug have these. */
const OPTIONAL = ['error_cause', 'stack'];
const FINDINGS = ['conflict', 'changed', 'rivals', 'too_many'];
const SUBSCRIPTION = /^(?:dlq_)?(?:orders|payments)_data-sub$/;

interface LineFacts {
  readonly consumer: string;
  readonly status: number;
  readonly traceparent: string | string[] | undefined;
}

/**
 * What is wrong with a log line; undefined when it is right. It must be one JSON object that has each of our
 * fields once, and no outsider may choose the values of the fields that only we write.
 */
export const judgeLine = (line: string, { consumer, status, traceparent }: LineFacts): string | undefined => {
  // oxlint-disable-next-line no-control-regex -- a control character could end or colour a line
  if (!line.endsWith('\n') || /[\u0000-\u001f]/.test(line.slice(0, -1)))
    return 'the log line has a control character';
  const judged = judgeJson(line.slice(0, -1));
  if (judged === undefined || judged === TOO_DEEP || !(judged.value instanceof Map))
    return `the log line is not a JSON object: ${line}`;
  const fields = judged.value;
  if (judged.duplicateKeys.length > 0)
    return `the log line has ${judged.duplicateKeys.join()} twice: ${line}`;
  const expected = [
    ...ALWAYS,
    ...(KEYS[textOf(fields.get('message'))] ?? ['unknown message']),
    // A message is always in some trace.
    ...(isTrace(traceparent) || fields.get('message') === 'message settled' ? TRACE : []),
  ];
  const actual = [...fields.keys()].filter((key) => !OPTIONAL.includes(key));
  if (actual.toSorted().join() !== expected.toSorted().join())
    return `the log line has the fields ${actual.join()}, expected ${expected.join()}: ${line}`;
  const labels = fields.get('logging.googleapis.com/labels');
  if (!(labels instanceof Map) || labels.size !== 1 || labels.get('function') !== consumer)
    return `the log line has wrong labels: ${line}`;
  if (!severitiesOf(status, fields.get('reason')).includes(textOf(fields.get('severity'))))
    return `the log line has a wrong severity: ${line}`;
  if (fields.has('subscription') && !SUBSCRIPTION.test(textOf(fields.get('subscription'))))
    return `the log line has a wrong subscription: ${line}`;
  if (fields.has('event_id') && !/^[0-9a-f]{32}$/.test(textOf(fields.get('event_id'))))
    return `the log line has a wrong event id: ${line}`;
  if (fields.has('findings') && !areFindings(fields.get('findings')))
    return `the log line has wrong findings: ${line}`;
  if (['clock_refused', 'redacted'].some((name) => fields.has(name) && typeof fields.get(name) !== 'boolean'))
    return `the log line has a text in place of true or false: ${line}`;
  const trace = textOf(fields.get(TRACE_NAME));
  if (isTrace(traceparent) && trace !== `projects/tally-fuzz/traces/${String(traceparent).slice(3, 35)}`)
    return `the log line has a wrong trace: ${line}`;
  if (fields.has(TRACE_NAME) && !/^projects\/tally-fuzz\/traces\/[0-9a-f]{32}$/.test(trace))
    return `the log line has a trace of another form: ${line}`;
  return undefined;
};

const areFindings = (value: Json | undefined): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string' && FINDINGS.includes(one));

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : 'no text');

const severitiesOf = (status: number, reason: unknown): readonly string[] => {
  if (status === 204) return ['INFO'];
  return status === 503 && reason === 'bug' ? ['ERROR'] : ['WARNING'];
};

const isTrace = (traceparent: string | string[] | undefined): boolean =>
  typeof traceparent === 'string' &&
  traceparent.length === 55 &&
  /^00-[0-9a-f]+-[0-9a-f]+-01$/.test(traceparent);
