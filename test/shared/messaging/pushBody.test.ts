import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX, REQUEST_BYTES_MAX } from '../../../shared/bodyText.ts';
import { NotAPushError, parsePushBody } from '../../../shared/messaging/pushBody.ts';
import { pushRequest } from '../../support/messages/builders.ts';
import { CARD, orderBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

const parse = (changes: Parameters<typeof pushRequest>[0]) =>
  parsePushBody('POST', pushRequest(changes).rawBody);

/** What a request that is no push is answered; anything else fails the test. */
const refusalOf = (
  method: string,
  body: Uint8Array,
  headers: Record<string, string> = {},
): Pick<NotAPushError, 'status' | 'message'> => {
  try {
    parsePushBody(method, body, headers);
  } catch (error) {
    if (error instanceof NotAPushError) return { status: error.status, message: error.message };
    throw error;
  }
  throw new Error('expected a NotAPushError, got a message');
};

describe('parsePushBody', () => {
  it('decodes a push as Pub/Sub sends it', () => {
    const { rawBody } = pushRequest({
      message: { attributes: { key: 'value' } },
      body: { deliveryAttempt: 3 },
    });

    const result = parsePushBody('POST', rawBody);

    expect(result).toEqual({
      subscription: 'projects/tally-local/subscriptions/orders_data-sub',
      messageId: '7001',
      publishTimeMs: PUBLISHED_AT_MS,
      data: orderBytes(),
      attributes: { key: 'value' },
      deliveryAttempt: 3,
    });
  });

  it.each([
    ['camel case', { message_id: undefined, publish_time: undefined }],
    ['snake case', { messageId: undefined, publishTime: undefined }],
  ])('reads a message in %s alone', (_spelling, message) => {
    const result = parse({ message });

    expect(result).toMatchObject({ messageId: '7001', publishTimeMs: PUBLISHED_AT_MS });
  });

  it.each([
    ['absent', undefined],
    ['null', null],
    ['empty', {}],
  ])('reads no attributes when they are %s', (_how, attributes) => {
    const result = parse({ message: { attributes } });

    expect(result.attributes).toEqual({});
  });

  it.each([
    ['absent', undefined],
    ['0, as without a dead-letter policy', 0],
  ])('reads no delivery attempt when it is %s', (_how, deliveryAttempt) => {
    const result = parse({ body: { deliveryAttempt } });

    expect(result.deliveryAttempt).toBeUndefined();
  });

  it.each([
    ['without data', undefined],
    ['with empty data', ''],
  ])('takes a message %s for a push, for Pub/Sub sends such', (_how, data) => {
    const result = parse({ message: { data, attributes: { key: 'value' } } });

    expect(result.data).toHaveLength(0);
    expect(result.messageId).toBe('7001');
  });

  it('keeps bytes that are no text', () => {
    const bytes = Buffer.from([0x00, 0xff, 0xfe, 0x80]);

    const result = parse({ message: { data: bytes.toString('base64') } });

    expect(result.data).toEqual(bytes);
  });

  it('ignores fields that it does not know, as of an Eventarc trigger', () => {
    const result = parse({ body: { '@type': 'push', message_count: 1 }, message: { orderingKey: 'a' } });

    expect(result.messageId).toBe('7001');
  });

  it.each([0, 1, 2, BODY_BYTES_MAX])('reads a message of %i bytes that may be an order', (bytes) => {
    const data = Buffer.alloc(bytes, 'a');

    expect(parse({ message: { data: data.toString('base64') } }).data).toEqual(data);
  });

  it('decodes a larger message piece by piece, wherever a piece starts and ends', () => {
    const data = randomBytes(BODY_BYTES_MAX + 1);

    const { data: large } = parse({ message: { data: data.toString('base64') } });

    if (large instanceof Uint8Array) throw new Error('expected a body in pieces');
    expect(large.byteLength).toBe(data.byteLength);
    for (const [start, end] of [
      [0, 3],
      [1, 2],
      [5, 100],
      [data.byteLength - 2, data.byteLength],
      [7, 7],
    ] as const) {
      expect(Buffer.from(large.read(start, end)).toString('hex')).toBe(data.toString('hex', start, end));
    }
  });
});

describe('a message id', () => {
  it.each([
    ['of the 100 characters that are allowed', '1'.repeat(100)],
    ['of another broker', 'projects:a.b_c-1'],
    ['of digits that could be a card number, for ids are exempt', CARD],
  ])('is read when it is one %s', (_what, messageId) => {
    const result = parse({ message: { messageId } });

    expect(result.messageId).toBe(messageId);
  });
});

describe('parsePushBody, of a request that is no push', () => {
  it('throws an error that has a name of its own', () => {
    expect(() => parsePushBody('GET', Buffer.from(''))).toThrow(
      expect.objectContaining({ name: 'NotAPushError', status: 405 }),
    );
  });

  it('says in its own words what is allowed, and one problem after the other', () => {
    const { rawBody } = pushRequest({
      message: { data: 'YQ', messageId: '', message_id: '7 001' },
    });

    const result = refusalOf('POST', rawBody);

    expect(result.message).toBe(
      'expected a Pub/Sub push: message.data: expected standard base64' +
        '; message.messageId: expected 1 to 100 letters, digits or ._:-' +
        '; message.message_id: expected 1 to 100 letters, digits or ._:-',
    );
  });

  it('names a missing id and a missing time together', () => {
    const times = { publishTime: undefined, publish_time: undefined };

    const result = refusalOf(
      'POST',
      pushRequest({ message: { messageId: undefined, message_id: undefined, ...times } }).rawBody,
    );

    expect(result.message).toBe(
      'expected a Pub/Sub push: message: expected a messageId; message: expected a publishTime in RFC 3339',
    );
  });

  it.each(['GET', 'PUT', 'HEAD', 'DELETE', 'post'])('refuses the method %s', (method) => {
    const result = refusalOf(method, pushRequest().rawBody);

    expect(result).toEqual({ status: 405, message: `expected POST, got ${method}` });
  });

  it('refuses a body over the limit before it reads it', () => {
    const result = refusalOf('POST', Buffer.alloc(REQUEST_BYTES_MAX + 1));

    expect(result).toEqual({
      status: 413,
      message: 'expected at most 16777216 bytes, got 16777217: Pub/Sub never sends so many',
    });
  });

  it('reads a body at the limit', () => {
    // One string that never ends: brackets are looked for in one step.
    const body = Buffer.alloc(REQUEST_BYTES_MAX, 'x').fill('"', 0, 1);

    const result = refusalOf('POST', body);

    expect(result.status).toBe(400);
  });

  it.each([
    ['empty', '', 'nothing but spaces'],
    ['text', `card ${CARD}`, 'something else at offset 0'],
    ['JSON that ends too early', `{"message": {"data": "${CARD}`, 'the text ends too early, at offset 38'],
  ])('does not quote a body that is %s', (_what, text, why) => {
    const body = Buffer.from(text);

    const result = refusalOf('POST', body);

    expect(result).toEqual({
      status: 400,
      message: `expected a Pub/Sub push, got ${body.length} bytes that are not JSON: ${why}`,
    });
  });

  it.each([
    ['null', 'null', 'body: '],
    ['an array', '[]', 'body: '],
    ['a text', `"${CARD}"`, 'body: '],
    ['without a message', '{"subscription": "s"}', 'message: '],
    ['with a null message', '{"subscription": "s", "message": null}', 'message: '],
    ['with a list for a message', '{"subscription": "s", "message": []}', 'message: '],
    [
      'without a subscription',
      '{"message": {"messageId": "1", "publishTime": "2024-01-21T10:00:00Z"}}',
      'subscription: ',
    ],
  ])('refuses a body that is %s, and names the place', (_what, text, place) => {
    const result = refusalOf('POST', Buffer.from(text));

    expect(result.status).toBe(400);
    expect(result.message).toContain(`expected a Pub/Sub push: ${place}`);
    expect(result.message).not.toContain(CARD);
  });

  it.each([
    ['the URL-safe alphabet', '_-8='],
    ['no padding', 'YQ'],
    ['too much padding', 'YQ==='],
    ['padding in the middle', 'YQ==YQ=='],
    ['a space', 'YWJj YWJj'],
    ['a line break', 'YWJj\n'],
    ['a number for text', 17],
    ['null', null],
  ])('refuses data with %s', (_what, data) => {
    const result = refusalOf('POST', pushRequest({ message: { data } }).rawBody);

    expect(result.status).toBe(400);
    expect(result.message).toMatch(/^expected a Pub\/Sub push: message\.data: \S/);
  });

  it.each([
    ['no message id', { messageId: undefined, message_id: undefined }, 'message: expected a messageId'],
    ['an empty message id', { messageId: '' }, 'message.messageId: '],
    ['a message id of 101 digits', { messageId: '1'.repeat(101) }, 'message.messageId: expected 1 to 100'],
    [
      'a message id like a card number',
      { messageId: '4111-1111-1111-1111' },
      'message.messageId: expected 1 to 100',
    ],
    [
      'the same in snake case',
      { message_id: '4111-1111-1111-1111' },
      'message.message_id: expected 1 to 100',
    ],
    [
      'no publish time',
      { publishTime: undefined, publish_time: undefined },
      'message: expected a publishTime in RFC 3339',
    ],
    [
      'a publish time that is none',
      { publishTime: 'yesterday' },
      'message: expected a publishTime in RFC 3339',
    ],
    ['a publish time in seconds', { publishTime: '5' }, 'message: expected a publishTime in RFC 3339'],
    ['an attribute that is a number', { attributes: { key: 1 } }, 'message.attributes.key: '],
    ['a list for attributes', { attributes: [] }, 'message.attributes: '],
  ])('refuses a message with %s', (_what, message, problem) => {
    const result = refusalOf('POST', pushRequest({ message }).rawBody);

    expect(result.status).toBe(400);
    expect(result.message).toContain(problem);
  });

  it('takes the largest delivery attempt that Pub/Sub can count to', () => {
    expect(parse({ body: { deliveryAttempt: 2 ** 31 - 1 } }).deliveryAttempt).toBe(2 ** 31 - 1);
  });

  it.each([-1, 1.5, 2 ** 31, '1'])('refuses the delivery attempt %j', (deliveryAttempt) => {
    const result = refusalOf('POST', pushRequest({ body: { deliveryAttempt } }).rawBody);

    expect(result.message).toContain('deliveryAttempt: ');
  });

  it('takes a thousand attributes, and no more', () => {
    const attributes = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`key-${index}`, '']));

    expect(parse({ message: { attributes } }).attributes).toEqual(attributes);
    const { rawBody } = pushRequest({ message: { attributes: { ...attributes, another: '' } } });
    expect(refusalOf('POST', rawBody).message).toContain('expected at most 1000 attributes');
  });

  it('calls attributes that are a text a text, however long it is', () => {
    const { rawBody } = pushRequest({ message: { attributes: 'a'.repeat(1_001) } });

    expect(refusalOf('POST', rawBody).message).toMatch(/message\.attributes: .*expected record/);
  });

  it('names all problems at once', () => {
    const { rawBody } = pushRequest({
      body: { subscription: '' },
      message: { messageId: '', attributes: [] },
    });

    const { message } = refusalOf('POST', rawBody);

    expect(message).toContain('subscription: ');
    expect(message).toContain('message.messageId: ');
    expect(message).toContain('message.attributes: ');
  });
});

describe('what else is pushed by mistake', () => {
  const unwrapped = 'got an unwrapped one: switch payload unwrapping off';

  it.each([
    ['an order without its envelope', { order_id: 17, item: 'a' }, {}, unwrapped],
    ['a payment without its envelope', { payment_id: 17 }, {}, unwrapped],
    ['anything with the metadata of unwrapping', { a: 1 }, { 'x-goog-pubsub-message-id': '7' }, unwrapped],
    [
      'a structured CloudEvent',
      { specversion: '1.0', type: 'a', data: {} },
      {},
      'got a structured CloudEvent: ',
    ],
  ])('is called by its name: %s', (_what, body, headers, name) => {
    expect(refusalOf('POST', Buffer.from(JSON.stringify(body)), headers).message).toContain(name);
  });

  it('is called by its name when it is no JSON, too', () => {
    const result = refusalOf('POST', Buffer.from('a text'), { 'x-goog-pubsub-message-id': '7' });

    expect(result.message).toContain(unwrapped);
  });

  it.each([
    ['message', { message: 17, order_id: 17 }],
    ['subscription', { subscription: 'a', payment_id: 17 }],
  ])('is an envelope that is not right, where there is a field %s', (_field, body) => {
    expect(refusalOf('POST', Buffer.from(JSON.stringify(body))).message).toContain('push: ');
  });

  it('is told how the subscription is put right', () => {
    const { message } = refusalOf('POST', Buffer.from('{"order_id": 17}'));

    expect(message).toContain('gcloud pubsub subscriptions update NAME --clear-push-no-wrapper-config');
  });

  it('is no order in its envelope, and no envelope without an id', () => {
    const { rawBody } = pushRequest({ message: { messageId: undefined, message_id: undefined } });

    expect(refusalOf('POST', rawBody).message).toContain('expected a messageId');
  });
});

describe('an envelope of nothing but brackets', () => {
  it.each([
    ['arrays', '['],
    ['objects', '{"a":'],
  ])('is refused without being parsed: %s', (_what, opening) => {
    const result = refusalOf('POST', Buffer.from(opening.repeat(1_001)));

    expect(result.status).toBe(400);
    expect(result.message).toBe('expected a Pub/Sub push, got more than 1000 objects and arrays');
  });

  it('is parsed as long as there are no more than a thousand', () => {
    const result = refusalOf('POST', Buffer.from('['.repeat(1_000)));

    expect(result.message).toContain('1000 bytes that are not JSON: the text ends too early');
  });
});
