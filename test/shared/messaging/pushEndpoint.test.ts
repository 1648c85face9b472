import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../../shared/domain/deadLetter.ts';
import type { IncomingEvent } from '../../../shared/domain/event.ts';
import { PermanentError, TransientError } from '../../../shared/errors.ts';
import { MalformedBodyError } from '../../../shared/messaging/parseMessage.ts';
import { createPushEndpoint, type PushAnswer } from '../../../shared/messaging/pushEndpoint.ts';
import type { Handler } from '../../../shared/messaging/settleMessage.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { type ConsumerFunction } from '../../../shared/topology.ts';
import { pushRequest } from '../../support/messages/builders.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';
import { HANDLE_TIMEOUT_MS } from '../../../shared/deadlines.ts';
import { CARD, orderBytes } from '../../../proof/referenceMessages.ts';

const SUBJECT = { orderId: 9223372036854775807n, paymentId: 1001n };

interface FakeOptions {
  readonly handle?: Handler;
  readonly tell?: () => Promise<void>;
  readonly consumer?: ConsumerFunction;
  readonly environment?: string;
}

/** The endpoint with a handler and a `tell` that do as they are told, and a log that can be read. */
const setUp = ({ handle, tell, consumer = 'onOrder', environment }: FakeOptions = {}) => {
  const handled: IncomingEvent[] = [];
  const told: (Report & { readonly event: IncomingEvent })[] = [];
  const recording = createRecordingLog();
  const answer = createPushEndpoint({
    consumer,
    handle: (event) => {
      handled.push(event);
      return handle === undefined ? Promise.resolve(ack('stored', SUBJECT)) : handle(event);
    },
    tell: async (event, reports) => {
      await tell?.();
      told.push(...reports.map((report) => ({ ...report, event })));
    },
    log: recording.log,
    projectId: 'tally-local',
    environment,
  });
  return { answer, handled, told, lines: recording.lines, logText: recording.text };
};

const permanent = () => Promise.reject(new PermanentError('price: expected a finite number'));
const malformed = () => Promise.reject(new MalformedBodyError(['item: expected a string'], SUBJECT));
const transient = () =>
  Promise.reject(new TransientError('the store did not answer', { cause: new Error('ECONNREFUSED') }));
const bug = () => Promise.reject(new TypeError('undefined is not a function'));
const synchronousBug = () => {
  throw new TypeError('undefined is not a function');
};
// oxlint-disable-next-line typescript/only-throw-error, typescript/prefer-promise-reject-errors: a stranger's
// library might
const notAnError = () => Promise.reject('SECRET');
// oxlint-disable-next-line typescript/only-throw-error, typescript/prefer-promise-reject-errors: a stranger's
// library might
const nothing = () => Promise.reject(undefined);
const unconfirmed = () => Promise.reject(new TransientError('publish to dlq_orders_data was not confirmed'));

/** Every way in which a message can end. */
const ENDINGS: readonly (readonly [string, FakeOptions, Record<string, unknown>])[] = [
  [
    'an ack',
    { handle: async () => ack('matched', SUBJECT) },
    { status: 204, severity: 'INFO', settlement: 'ack', outcome: 'matched', reason: null },
  ],
  [
    'an ack with findings',
    {
      handle: async () =>
        ack('matched', SUBJECT, { findings: ['conflict', 'changed'], isClockRefused: true }),
    },
    {
      status: 204,
      severity: 'INFO',
      outcome: 'matched',
      findings: ['conflict', 'changed'],
      clock_refused: true,
    },
  ],
  [
    'an ack with a reason',
    { handle: async () => ack('recorded', SUBJECT, { reason: 'unmatched,conflict' }) },
    { status: 204, severity: 'INFO', outcome: 'recorded', reason: 'unmatched,conflict', findings: [] },
  ],
  [
    'a PermanentError',
    { handle: permanent },
    { status: 204, severity: 'INFO', settlement: 'reject', outcome: 'invalid', reason: 'invalid' },
  ],
  [
    'a PermanentError that is not confirmed',
    { handle: malformed, tell: unconfirmed },
    {
      status: 503,
      severity: 'WARNING',
      settlement: 'retry',
      outcome: 'retry',
      reason: 'dead letter not confirmed',
      order_id: '9223372036854775807',
    },
  ],
  [
    'a TransientError',
    { handle: transient },
    {
      status: 503,
      severity: 'WARNING',
      settlement: 'retry',
      outcome: 'retry',
      reason: 'transient',
      findings: [],
      clock_refused: false,
    },
  ],
  [
    'a bug',
    { handle: bug },
    { status: 503, severity: 'ERROR', settlement: 'retry', outcome: 'retry', reason: 'bug' },
  ],
  [
    'a bug before the first await',
    { handle: synchronousBug },
    { status: 503, severity: 'ERROR', settlement: 'retry', outcome: 'retry', reason: 'bug' },
  ],
  [
    'a thrown text',
    { handle: notAnError },
    { status: 503, severity: 'ERROR', settlement: 'retry', outcome: 'retry', reason: 'bug' },
  ],
  [
    'a thrown nothing',
    { handle: nothing },
    { status: 503, severity: 'ERROR', settlement: 'retry', outcome: 'retry', reason: 'bug' },
  ],
];

const OUTCOME_FIELDS = [
  'clock_refused',
  'delivery_attempt',
  'duration_ms',
  'error',
  'event_id',
  'findings',
  'logging.googleapis.com/labels',
  'logging.googleapis.com/spanId',
  'logging.googleapis.com/trace',
  'message',
  'message_id',
  'order_id',
  'origin_message_id',
  'origin_topic',
  'outcome',
  'payment_id',
  'publish_time',
  'reason',
  'redacted',
  'redrive_count',
  'settlement',
  'severity',
  'subscription',
  'time',
];
const ERROR_FIELDS = ['error_cause', 'stack'];

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('the push endpoint', () => {
  it.each(ENDINGS)('settles and logs %s', async (_ending, options, { status, ...fields }) => {
    const { answer, lines } = setUp(options);

    const result = await answer(pushRequest());

    expect(result).toEqual({ status });
    expect(lines()).toEqual([expect.objectContaining({ message: 'message settled', ...fields })]);
  });

  it.each(ENDINGS)('writes exactly one line with the same fields for %s', async (_ending, options) => {
    const { answer, lines } = setUp(options);

    await answer(pushRequest());

    const [line = {}, ...others] = lines();
    expect(others).toEqual([]);
    expect(
      Object.keys(line)
        .filter((field) => !ERROR_FIELDS.includes(field))
        .toSorted(),
    ).toEqual(OUTCOME_FIELDS);
  });

  it('says in its line which message it was, ids to the last digit', async () => {
    const { answer, lines, handled } = setUp();

    await answer(pushRequest({ body: { deliveryAttempt: 4 } }));

    expect(lines()[0]).toMatchObject({
      order_id: '9223372036854775807',
      payment_id: '1001',
      event_id: handled[0]?.eventId,
      origin_topic: 'orders_data',
      subscription: 'orders_data-sub',
      message_id: '7001',
      origin_message_id: '7001',
      publish_time: '2024-01-21T10:00:00.123Z',
      delivery_attempt: 4,
      redrive_count: 0,
      duration_ms: expect.any(Number) as number,
    });
  });

  it('says null in its line for what is not known', async () => {
    const { answer, lines } = setUp({ handle: async () => ack('invalid') });

    await answer(pushRequest({ body: { deliveryAttempt: undefined } }));

    expect(lines()[0]).toMatchObject({
      order_id: null,
      payment_id: null,
      delivery_attempt: null,
      reason: null,
      error: null,
      findings: [],
      clock_refused: false,
      redacted: false,
    });
  });

  it('says in its line that a card number was masked', async () => {
    const { answer, lines } = setUp();
    const data = orderBytes({ item: `"${CARD}"` }).toString('base64');

    await answer(pushRequest({ message: { data } }));

    expect(lines()[0]).toMatchObject({ redacted: true });
  });

  it('ties its line to the trace of the request', async () => {
    const { answer, lines } = setUp();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await answer(pushRequest({ headers: { traceparent } }));

    expect(lines()[0]).toMatchObject({
      'logging.googleapis.com/trace': 'projects/tally-local/traces/0af7651916cd43dd8448eb211c80319c',
      'logging.googleapis.com/spanId': 'b7ad6b7169203331',
    });
  });

  it('tells what can never succeed before it answers', async () => {
    const confirmation = Promise.withResolvers<void>();
    const { answer, told, handled } = setUp({ handle: malformed, tell: () => confirmation.promise });
    const onAnswer = vi.fn<(result: PushAnswer) => void>();

    const answered = answer(pushRequest()).then(onAnswer);
    await new Promise(setImmediate);
    expect(onAnswer).not.toHaveBeenCalled();
    confirmation.resolve();
    await answered;

    const [event] = handled;
    const { eventId: id, publishedAtMs: sinceMs } = event ?? {};
    expect(told).toEqual([{ reason: 'invalid', error: 'item: expected a string', id, sinceMs, event }]);
  });

  it('tells what a PermanentError calls invalid, with its text', async () => {
    const { answer, told } = setUp({ handle: permanent });

    await answer(pushRequest());

    expect(told).toEqual([
      expect.objectContaining({ reason: 'invalid', error: 'price: expected a finite number' }),
    ]);
  });

  it('says in its line which ids an unreadable body has', async () => {
    const unreadable = new MalformedBodyError(['price: bad'], { orderId: 7n });
    const { answer, lines } = setUp({ handle: () => Promise.reject(unreadable) });

    await answer(pushRequest());

    expect(lines()[0]).toMatchObject({ outcome: 'invalid', order_id: '7', payment_id: null });
  });

  it.each([
    ['an ack', async () => ack('stored')],
    ['a TransientError', transient],
    ['a bug', bug],
  ])('tells nothing for %s', async (_ending, handle) => {
    const { answer, told } = setUp({ handle });

    await answer(pushRequest());

    expect(told).toEqual([]);
  });

  it('logs a bug with its stack', async () => {
    const { answer, lines } = setUp({ handle: bug });

    await answer(pushRequest());

    expect(lines()[0]).toMatchObject({
      error: 'TypeError: undefined is not a function',
      stack: expect.stringContaining('pushEndpoint.test.ts') as string,
    });
  });

  it('logs a failure of the world with its cause and without a stack', async () => {
    const { answer, lines } = setUp({ handle: transient });

    await answer(pushRequest());

    expect(lines()[0]).toMatchObject({
      error: 'TransientError: the store did not answer',
      error_cause: 'Error: ECONNREFUSED',
    });
    expect(lines()[0]).not.toHaveProperty('stack');
  });

  it.each([
    ['a text', notAnError, 'something that is not an Error was thrown'],
    ['nothing', nothing, 'Error: null or undefined was thrown instead of an Error'],
  ])('logs that %s was thrown, and not what', async (_what, handle, error) => {
    const { answer, lines, logText } = setUp({ handle });

    await answer(pushRequest());

    expect(lines()[0]).toMatchObject({ error });
    expect(logText()).not.toContain('SECRET');
  });

  it.each([
    ['a text', permanent, 'price: expected a finite number'],
    ['a card number', () => Promise.reject(new PermanentError(`bad ${CARD}`)), 'bad ************1111'],
  ])('says in its line why it rejected, masked, with %s', async (_what, handle, error) => {
    const { answer, lines } = setUp({ handle });

    await answer(pushRequest());

    expect(lines()[0]).toMatchObject({ settlement: 'reject', error });
  });

  it('logs a bug that lost its stack', async () => {
    const bare = new RangeError('too deep');
    delete bare.stack;
    const { answer, lines } = setUp({ handle: () => Promise.reject(bare) });

    const result = await answer(pushRequest());

    expect(result).toEqual({ status: 503 });
    expect(lines()[0]).toMatchObject({ reason: 'bug', error: 'RangeError: too deep' });
    expect(lines()[0]).not.toHaveProperty('stack');
  });

  it('says in its line how long it took, in milliseconds to the microsecond', async () => {
    vi.spyOn(performance, 'now').mockReturnValueOnce(1_000).mockReturnValue(1_012.345_678);
    const { answer, lines } = setUp();

    await answer(pushRequest());

    expect(lines()[0]).toMatchObject({ duration_ms: 12.346 });
  });

  it('acks nothing that a handler must not return', async () => {
    const unknown = { kind: 'pigeon', reason: 'tired', subject: {} } as unknown as ReturnType<typeof ack>;
    const { answer, lines } = setUp({ handle: async () => unknown });

    const result = answer(pushRequest());

    await expect(result).rejects.toThrow('unhandled case: {"kind":"pigeon","reason":"tired","subject":{}}');
    expect(lines()).toEqual([]);
  });
});

describe('the push endpoint, when a handler takes too long', () => {
  it('gives the message back at the limit, and not before', async () => {
    vi.useFakeTimers();
    const { answer, lines } = setUp({ handle: () => new Promise(() => {}) });
    const onAnswer = vi.fn<(result: PushAnswer) => void>();

    const answered = answer(pushRequest()).then(onAnswer);
    await vi.advanceTimersByTimeAsync(HANDLE_TIMEOUT_MS - 1);
    expect(onAnswer).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await answered;

    expect(onAnswer).toHaveBeenCalledWith({ status: 503 });
    expect(lines()).toEqual([
      expect.objectContaining({
        severity: 'WARNING',
        reason: 'transient',
        error: `TransientError: not handled within ${HANDLE_TIMEOUT_MS} ms`,
      }),
    ]);
  });

  it('takes no notice of what the handler says afterwards', async () => {
    vi.useFakeTimers();
    const late = Promise.withResolvers<never>();
    const { answer, lines } = setUp({ handle: () => late.promise });
    const result = answer(pushRequest());
    await vi.advanceTimersByTimeAsync(HANDLE_TIMEOUT_MS);

    late.reject(new PermanentError('too late'));
    await vi.advanceTimersByTimeAsync(HANDLE_TIMEOUT_MS);

    expect(await result).toEqual({ status: 503 });
    expect(lines()).toHaveLength(1);
  });

  it('leaves no timer behind when it does not', async () => {
    vi.useFakeTimers();
    const { answer } = setUp();

    await answer(pushRequest());

    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives the message back at the same limit when telling takes too long', async () => {
    vi.useFakeTimers();
    const handledAfterMs = HANDLE_TIMEOUT_MS - 10;
    const { answer, lines } = setUp({
      handle: async () => {
        await new Promise((resolve) => setTimeout(resolve, handledAfterMs));
        return permanent();
      },
      tell: () => new Promise(() => {}),
    });

    const answered = answer(pushRequest());
    await vi.advanceTimersByTimeAsync(HANDLE_TIMEOUT_MS);

    expect(await answered).toEqual({ status: 503 });
    expect(lines()).toMatchObject([{ outcome: 'retry', reason: 'transient' }]);
  });
});

describe('the push endpoint, of a request that is no push', () => {
  it.each([
    ['a GET', pushRequest({ method: 'GET' }), 405],
    ['no body', { method: 'POST', headers: {} }, 400],
    ['a body that is not JSON', { method: 'POST', headers: {}, rawBody: Buffer.from(`card ${CARD}`) }, 400],
    ['a body that is too large', { method: 'POST', headers: {}, rawBody: Buffer.alloc(17_000_000) }, 413],
    ['a message of another shape', pushRequest({ message: { data: CARD.slice(1) } }), 400],
  ])('refuses %s, logs it as no message and quotes nothing', async (_what, request, status) => {
    const { answer, handled, lines, logText } = setUp();

    const result = await answer(request);

    expect(result).toEqual({ status, error: expect.any(String) as string });
    expect(lines()).toEqual([
      expect.objectContaining({ message: 'request refused', severity: 'WARNING', status }),
    ]);
    expect(handled).toEqual([]);
    expect(logText() + (result.error ?? '')).not.toMatch(/1{9}/);
  });

  it('masks a card number that stands where a name belongs', async () => {
    const { answer, logText } = setUp();

    const result = await answer(pushRequest({ message: { attributes: { [CARD]: 1 } } }));

    expect(result.error).toContain('message.attributes.************1111: ');
    expect(logText()).not.toContain(CARD);
  });

  it('gives back a request that breaks it, and logs a bug', async () => {
    const { answer, lines } = setUp();
    const request = {
      method: 'POST',
      headers: {},
      get rawBody(): Uint8Array {
        throw new TypeError('the body was read twice');
      },
    };

    const result = await answer(request);

    expect(result).toEqual({ status: 503, error: 'internal error' });
    expect(lines()).toEqual([
      expect.objectContaining({
        message: 'push not understood',
        severity: 'ERROR',
        stack: expect.any(String) as string,
      }),
    ]);
  });
});

describe('the push endpoint, of a message that holds a card number', () => {
  it.each(ENDINGS)('logs neither it nor the payload for %s', async (_ending, options) => {
    const { answer, logText } = setUp(options);
    const data = orderBytes({ item: `"card ${CARD}"`, shipping_address: '"SECRET"' }).toString('base64');

    await answer(pushRequest({ message: { data } }));

    expect(logText()).not.toContain(CARD);
    expect(logText()).not.toContain('SECRET');
    expect(logText()).not.toContain(data);
  });

  it('hands it to the handler and to the dead letter masked', async () => {
    const { answer, handled, told } = setUp({ handle: permanent });
    const data = orderBytes({ item: `"${CARD}"` }).toString('base64');

    await answer(pushRequest({ message: { data } }));

    expect(Buffer.from(handled[0]?.data ?? []).toString()).toContain('"************1111"');
    expect(told[0]?.event).toBe(handled[0]);
  });

  it('logs no card number of an error, of its cause or of its stack', async () => {
    const cause = new Error(`at 4111-1111-1111-1111`);
    const { answer, logText } = setUp({ handle: () => Promise.reject(new Error(`bad ${CARD}`, { cause })) });

    await answer(pushRequest());

    expect(logText()).toContain('bad ************1111');
    expect(logText()).not.toMatch(/4111.?1111/);
  });

  it('passes a message without data on, so that it is dead-lettered and not lost', async () => {
    const { answer, handled } = setUp();

    const result = await answer(pushRequest({ message: { data: undefined, attributes: { key: 'value' } } }));

    expect(result).toEqual({ status: 204 });
    expect(handled[0]?.data).toHaveLength(0);
  });
});

const from = (name: string) => pushRequest({ body: { subscription: `projects/any/subscriptions/${name}` } });

describe('the subscription of a push', () => {
  it.each([
    ['onOrder', 'orders_data-sub', 'orders_data'],
    ['onOrder', 'eventarc-europe-west1-orders-sub-123', 'orders_data'],
    ['onPayment', 'payments_data-sub', 'payments_data'],
    ['onPayment', 'eventarc-europe-west1-payments-sub-123', 'payments_data'],
    ['onDlq', 'dlq_orders_data-sub', 'orders_data'],
    ['onDlq', 'dlq_payments_data-sub', 'payments_data'],
  ] as const)('tells %s that %s carries %s', async (consumer, name, origin) => {
    const { answer, handled } = setUp({ consumer });

    const result = await answer(from(name));

    expect(result.status).toBe(204);
    expect(handled.map((event) => event.origin)).toEqual([origin]);
  });

  it.each([
    ['onOrder', 'payments_data-sub', 'orders_data-sub'],
    ['onOrder', 'dlq_orders_data-sub', 'orders_data-sub'],
    ['onPayment', 'orders_data-sub', 'payments_data-sub'],
    ['onDlq', 'payments_data-sub', 'dlq_orders_data-sub or dlq_payments_data-sub'],
    ['onDlq', 'eventarc-europe-west1-dlq-sub-123', 'dlq_orders_data-sub or dlq_payments_data-sub'],
  ] as const)('makes %s refuse %s, for it serves %s', async (consumer, name, served) => {
    const { answer, handled } = setUp({ consumer });

    const result = await answer(from(name));

    expect(result).toEqual({
      status: 400,
      error: `${consumer} serves ${served}, got a push from another subscription`,
    });
    expect(handled).toEqual([]);
  });

  it('knows its subscriptions by the names that they have in its environment, and events by the topology’s', async () => {
    const { answer, handled } = setUp({ consumer: 'onDlq', environment: 'staging' });

    const result = await answer(from('staging-dlq_payments_data-sub'));
    const stranger = await answer(from('dlq_payments_data-sub'));

    expect(result).toEqual({ status: 204 });
    expect(handled).toMatchObject([{ origin: 'payments_data', subscription: 'dlq_payments_data-sub' }]);
    expect(stranger).toMatchObject({ status: 400 });
  });

  it.each([
    ['staging', 'payments_data-sub'],
    ['staging', 'orders_data-sub'],
    ['staging', 'production-orders_data-sub'],
    ['staging', 'production-payments_data-sub'],
    ['staging', 'dlq_orders_data-sub'],
    [undefined, 'staging-orders_data-sub'],
    [undefined, 'staging-payments_data-sub'],
  ])('refuses in the environment %s a push of %s, which is another one’s', async (environment, name) => {
    const { answer, handled } = setUp(environment === undefined ? {} : { environment });

    const result = await answer(from(name));

    expect(result.status).toBe(400);
    expect(handled).toEqual([]);
  });

  it('takes a push of a subscription that Eventarc named in any environment', async () => {
    const { answer, handled } = setUp({ environment: 'staging' });

    const result = await answer(from('eventarc-europe-west1-orders-sub-123'));

    expect(result).toEqual({ status: 204 });
    expect(handled).toMatchObject([{ origin: 'orders_data' }]);
  });

  it('tells on onDlq what can never succeed, as everywhere', async () => {
    const { answer, told } = setUp({ consumer: 'onDlq', handle: permanent });

    const result = await answer(from('dlq_orders_data-sub'));

    expect(result).toEqual({ status: 204 });
    expect(told).toMatchObject([{ reason: 'invalid', event: { subscription: 'dlq_orders_data-sub' } }]);
  });
});
