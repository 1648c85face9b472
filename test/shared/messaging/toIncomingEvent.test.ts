import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX } from '../../../shared/bodyText.ts';
import type { DeadLetterReason } from '../../../shared/domain/deadLetter.ts';
import { toDeadLetterAttributes } from '../../../shared/messaging/deadLetterAttributes.ts';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import { toIncomingEvent } from '../../../shared/messaging/toIncomingEvent.ts';
import { receivedMessage, subscription, TRACEPARENT } from '../../support/messages/builders.ts';
import { CARD, paymentBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

const INPUT = subscription('payments_data-sub');
const DEAD_LETTERS = subscription('dlq_payments_data-sub');
const ORDERS = subscription('orders_data-sub');
const MINUTE_MS = 60_000;
const OTHER = '00-1af7651916cd43dd8448eb211c80319d-c7ad6b7169203332-01';
const CARD_TRACE = `00-1af7651916cd43dd${CARD}-c7ad6b7169203332-01`;

/**
 * What Pub/Sub adds to a message that its dead-letter policy forwards, at the time when the message reached
 * its topic.
 */
const forwardedAttributes = (publishTime = '2024-01-21T10:00:00.123Z') => ({
  CloudPubSubDeadLetterSourceDeliveryCount: '100',
  CloudPubSubDeadLetterSourceSubscription: 'payments_data-sub',
  CloudPubSubDeadLetterSourceSubscriptionProject: 'tally-local',
  CloudPubSubDeadLetterSourceTopicPublishTime: publishTime,
});

/** The same body under a new message id, a minute later: what any copy looks like. */
const laterCopy = (changes: Parameters<typeof receivedMessage>[0] = {}) =>
  receivedMessage({ messageId: '9009', publishTimeMs: PUBLISHED_AT_MS + MINUTE_MS, ...changes });

const firstDelivery = (data: Uint8Array = paymentBytes()) =>
  toIncomingEvent(receivedMessage({ data }), INPUT);

const ERROR = 'payment 1001 waits for order 1';

const deadLetterOf = (data?: Uint8Array, ...reasons: readonly DeadLetterReason[]) => {
  const first = firstDelivery(data);
  const named = reasons.length === 0 ? (['unmatched'] as const) : reasons;
  return toDeadLetterAttributes(
    first,
    named.map((reason) => ({ reason, error: ERROR, id: first.eventId, sinceMs: first.publishedAtMs })),
  );
};

describe('an event', () => {
  it('is read from a first delivery', () => {
    const result = toIncomingEvent(receivedMessage(), INPUT);

    expect(result).toEqual({
      eventId: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      publishedAtMs: PUBLISHED_AT_MS,
      origin: 'payments_data',
      carrier: { kind: 'input' },
      data: paymentBytes(),
      isRedacted: false,
      messageId: '7001',
      originMessageId: '7001',
      subscription: 'payments_data-sub',
      deliveryAttempt: 1,
      redriveCount: 0,
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/) as string,
    });
  });

  it.each([
    ['its attribute', { traceparent: TRACEPARENT, googclient_traceparent: OTHER }, OTHER, TRACEPARENT],
    ['Google’s client', { googclient_traceparent: TRACEPARENT }, OTHER, TRACEPARENT],
    ['the request, without an attribute', {}, TRACEPARENT, TRACEPARENT],
    ['the request, beside a malformed attribute', { traceparent: 'x' }, TRACEPARENT, TRACEPARENT],
    ['the request, beside a card number', { traceparent: CARD_TRACE }, TRACEPARENT, TRACEPARENT],
  ])('is in the trace of %s', (_what, attributes, header, expected) => {
    const result = toIncomingEvent(receivedMessage({ attributes }), INPUT, header);

    expect(result.traceparent).toBe(expected);
  });

  it('without any trace is in one that follows from its id, on every topic', () => {
    const first = toIncomingEvent(receivedMessage(), INPUT);
    const forwarded = toIncomingEvent(laterCopy({ attributes: forwardedAttributes() }), DEAD_LETTERS);
    const another = toIncomingEvent(receivedMessage({ data: paymentBytes({ payment_id: '7' }) }), INPUT);

    expect(forwarded.traceparent).toBe(first.traceparent);
    expect(another.traceparent).not.toBe(first.traceparent);
  });

  it.each([
    ['a redelivery', receivedMessage({ deliveryAttempt: 7 }), INPUT],
    ['a copy that Pub/Sub forwarded', laterCopy({ attributes: forwardedAttributes() }), DEAD_LETTERS],
    [
      'a copy that Pub/Sub forwarded, its time in nanoseconds',
      laterCopy({ attributes: forwardedAttributes('2024-01-21T10:00:00.123456789+00:00') }),
      DEAD_LETTERS,
    ],
    ['a copy that Tally dead-lettered', laterCopy({ attributes: deadLetterOf() }), DEAD_LETTERS],
    ['a redrive', laterCopy({ attributes: { ...deadLetterOf(), tally_redrive_count: '1' } }), INPUT],
    [
      'a redrive that Pub/Sub forwarded',
      laterCopy({ attributes: { ...deadLetterOf(), ...forwardedAttributes('2024-01-21T10:00:30Z') } }),
      DEAD_LETTERS,
    ],
    [
      'a packed copy',
      laterCopy({
        data: gzipSync(paymentBytes()),
        attributes: { ...deadLetterOf(), tally_body_encoding: 'gzip' },
      }),
      DEAD_LETTERS,
    ],
  ])('is the same event in %s', (_copy, message, spec) => {
    const first = firstDelivery();

    const result = toIncomingEvent(message, spec);

    expect(result).toMatchObject({
      eventId: first.eventId,
      publishedAtMs: first.publishedAtMs,
      origin: first.origin,
      data: first.data,
    });
  });

  it('is the same event when a card number was masked on an earlier leg, and stays marked', () => {
    const withCard = paymentBytes({ payment_status: `"paid with ${CARD}"` });
    const first = firstDelivery(withCard);
    const attributes = deadLetterOf(withCard);

    const result = toIncomingEvent(laterCopy({ data: first.data, attributes }), DEAD_LETTERS);

    expect(first.isRedacted).toBe(true);
    expect(Buffer.from(first.data).toString()).not.toContain(CARD);
    expect(result).toMatchObject({ eventId: first.eventId, isRedacted: true, data: first.data });
  });

  it.each([
    ['a card number', `"4111 1111 1111 1111"`, '"**** **** **** 1111"', '17257be746f0e3b34cc86027f4e8427d'],
    [
      'what only the first masking rule masks',
      '"490154203237518"',
      '"490154203237518"',
      '298ae849f582020ab3a625d2d756e1a9',
    ],
    ['neither', '"no digits"', '"no digits"', '54b2a2d2a8138a94afb560fa308b9757'],
  ])('has an id that no masking rule changes, when it holds %s', (_what, payment_status, kept, eventId) => {
    const sent = paymentBytes({ payment_status });
    const first = firstDelivery(sent);
    const redrive = { ...deadLetterOf(sent), tally_redrive_count: '1' };
    const asFirstMasked = Buffer.from(maskBody(sent).idData);

    expect(Buffer.from(first.data)).toEqual(paymentBytes({ payment_status: kept }));
    expect(first.eventId).toBe(eventId);
    for (const data of [sent, first.data, asFirstMasked]) {
      expect(toIncomingEvent(laterCopy({ data, attributes: redrive }), INPUT).eventId).toBe(eventId);
    }
  });

  it('is the same event through two rounds of dead letter and redrive', () => {
    const first = firstDelivery();
    const firstRound = toIncomingEvent(
      laterCopy({ attributes: { ...deadLetterOf(), tally_redrive_count: '1' } }),
      INPUT,
    );
    const { eventId: id, publishedAtMs: sinceMs } = firstRound;
    const attributes = toDeadLetterAttributes(firstRound, [{ reason: 'unmatched', error: '', id, sinceMs }]);

    const result = toIncomingEvent(laterCopy({ messageId: '9100', attributes }), DEAD_LETTERS);

    expect(result).toMatchObject({ eventId: first.eventId, originMessageId: '7001', redriveCount: 1 });
  });

  it.each([
    ['topic', receivedMessage(), ORDERS],
    ['publish time', receivedMessage({ publishTimeMs: PUBLISHED_AT_MS + 1 }), INPUT],
    ['bytes', receivedMessage({ data: paymentBytes({ card_last_four: '"0002"' }) }), INPUT],
  ])('is another event with another %s', (_what, message, spec) => {
    const result = toIncomingEvent(message, spec);

    expect(result.eventId).not.toBe(firstDelivery().eventId);
  });
});

describe('the original publish time', () => {
  it.each([
    ['its own attribute', { tally_origin_publish_time: '2124-01-21T10:00:00.000Z' }],
    ['the forwarding', forwardedAttributes('2124-01-21T10:00:00.000Z')],
  ])('is never moved to the future by %s', (_what, attributes) => {
    const result = toIncomingEvent(receivedMessage({ attributes }), INPUT);

    expect(result.publishedAtMs).toBe(PUBLISHED_AT_MS);
    expect(result.eventId).toBe(firstDelivery().eventId);
  });

  it.each(['', '5', 'Jan 1', '2024-01-21', '2024-01-21T09:00:00', '1969-12-31T23:59:59Z', 'yesterday'])(
    'is not read from the garbage "%s"',
    (claim) => {
      const attributes = {
        tally_origin_publish_time: claim,
        CloudPubSubDeadLetterSourceTopicPublishTime: claim,
      };

      const result = toIncomingEvent(receivedMessage({ attributes }), INPUT);

      expect(result.publishedAtMs).toBe(PUBLISHED_AT_MS);
    },
  );

  it('is the earliest that the attributes claim', () => {
    const attributes = {
      ...forwardedAttributes('2024-01-21T09:59:00Z'),
      tally_origin_publish_time: '2024-01-21T09:58:00Z',
    };

    const result = toIncomingEvent(receivedMessage({ attributes }), DEAD_LETTERS);

    expect(new Date(result.publishedAtMs).toISOString()).toBe('2024-01-21T09:58:00.000Z');
  });
});

describe('the attributes of a message', () => {
  it.each([
    ['digits', '7001', '7001'],
    ['digits that could be a card number, for ids are exempt', CARD, CARD],
    ['an id of another broker', 'projects:a.b_c-1', 'projects:a.b_c-1'],
    ['a card number with dashes', '4111-1111-1111-1111', '9009'],
    ['a card number between letters', `x${CARD}`, '9009'],
    ['spaces', '7 001', '9009'],
    ['nothing', '', '9009'],
    ['too much', '7'.repeat(101), '9009'],
  ])('give the first message id when it is %s', (_what, claim, originMessageId) => {
    const result = toIncomingEvent(
      laterCopy({ attributes: { tally_origin_message_id: claim } }),
      DEAD_LETTERS,
    );

    expect(result.originMessageId).toBe(originMessageId);
    expect(result.messageId).toBe('9009');
  });

  it.each([
    ['0', 0],
    ['3', 3],
    ['999999', 999_999],
    ['1000000', 0],
    ['-1', 0],
    ['1.5', 0],
    ['many', 0],
    ['', 0],
  ])('give the redrive count "%s" as %d', (claim, redriveCount) => {
    const result = toIncomingEvent(laterCopy({ attributes: { tally_redrive_count: claim } }), INPUT);

    expect(result.redriveCount).toBe(redriveCount);
  });

  it('that call a body packed which is not leave it as it came', () => {
    const attributes = { tally_body_encoding: 'gzip' };

    const result = toIncomingEvent(receivedMessage({ attributes }), INPUT);

    expect(result.data).toEqual(paymentBytes());
  });

  it('that call bytes packed which only begin like gzip leave them as they came', () => {
    const data = Buffer.from([0x1f, 0x7b]);

    const result = toIncomingEvent(
      receivedMessage({ data, attributes: { 'content-encoding': 'gzip' } }),
      INPUT,
    );

    expect(result).toMatchObject({ data, cut: undefined });
  });

  it.each(['content-encoding', 'tally_body_encoding'])('unpack a body: %s', (name) => {
    const packed = gzipSync(paymentBytes());

    const result = toIncomingEvent(receivedMessage({ data: packed, attributes: { [name]: 'gzip' } }), INPUT);

    expect(result).toMatchObject({ data: paymentBytes(), cut: undefined });
    expect(result.eventId).toBe(firstDelivery().eventId);
  });

  it.each([
    ['of a bomb, which is not unpacked', gzipSync(Buffer.alloc(20_000_000)), 'gzip'],
    ['that are damaged', gzipSync(paymentBytes()).fill(0, 60), 'gzip'],
    ['that were packed twice', gzipSync(gzipSync(paymentBytes())), 'gzip'],
    ['of another encoding', gzipSync(paymentBytes()), 'br'],
    ['that nobody calls packed', gzipSync(paymentBytes()), ''],
    ['that are too large as they are', gzipSync(randomBytes(2_000_000)), 'gzip'],
  ])('keep nothing of packed bytes %s but their size and hash', (_which, packed, encoding) => {
    const attributes = { 'content-encoding': encoding };

    const result = toIncomingEvent(receivedMessage({ data: packed, attributes }), INPUT);

    expect(result.data.byteLength).toBe(0);
    expect(result.cut?.bytes).toBe(packed.byteLength);
  });
});

describe('a body that is too large to be read', () => {
  const large = Buffer.alloc(3_000_000, 'a');
  const sha256 = createHash('sha256').update(large).digest('hex');

  it('is cut to its first mebibyte, with the size and the hash of the whole', () => {
    const result = toIncomingEvent(receivedMessage({ data: large }), INPUT);

    expect(result.data.byteLength).toBe(BODY_BYTES_MAX);
    expect(result).toMatchObject({ cut: { bytes: 3_000_000, sha256 }, isRedacted: false });
  });

  it('is not cut at the limit', () => {
    const result = toIncomingEvent(receivedMessage({ data: large.subarray(0, BODY_BYTES_MAX) }), INPUT);

    expect(result).toMatchObject({ cut: undefined });
    expect(result.data.byteLength).toBe(BODY_BYTES_MAX);
  });

  it('is the same event in its dead letter, and in a copy that Pub/Sub forwards', () => {
    const first = toIncomingEvent(receivedMessage({ data: large }), INPUT);
    const report = { reason: 'invalid', error: '', id: first.eventId, sinceMs: 0 } as const;

    const deadLetter = toIncomingEvent(
      laterCopy({ data: first.data, attributes: toDeadLetterAttributes(first, [report]) }),
      DEAD_LETTERS,
    );
    const forwarded = toIncomingEvent(
      laterCopy({
        data: large,
        attributes: {
          CloudPubSubDeadLetterSourceTopicPublishTime: new Date(PUBLISHED_AT_MS).toISOString(),
        },
      }),
      DEAD_LETTERS,
    );

    expect(deadLetter).toMatchObject({ eventId: first.eventId, cut: first.cut, data: first.data });
    expect(forwarded).toMatchObject({ eventId: first.eventId, cut: first.cut });
  });

  it('is the same event when it is decoded in pieces', () => {
    const read = (start: number, end: number) => large.subarray(start, end);

    const results = [large, { byteLength: large.byteLength, read }].map((data) =>
      toIncomingEvent(receivedMessage({ data }), INPUT),
    );

    expect(results[1]).toEqual(results[0]);
  });

  it.each([
    ['a size that is no number', { tally_body_bytes: '1e6' }],
    ['a hash that is none', { tally_body_sha256: 'abc' }],
    ['a hash with something behind it', { tally_body_sha256: `${sha256}0` }],
    ['a hash with something before it', { tally_body_sha256: `0${sha256}` }],
    ['no size', { tally_body_bytes: undefined }],
  ])('is not what attributes with %s say', (_what, changes) => {
    const claim = { tally_body_bytes: '3000000', tally_body_sha256: sha256, ...changes };
    const attributes = Object.fromEntries(
      Object.entries(claim).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );

    expect(toIncomingEvent(laterCopy({ attributes }), DEAD_LETTERS).cut).toBeUndefined();
  });

  it('is another event when any of its bytes differs', () => {
    const other = Buffer.from(large).fill('b', 2_999_999);

    const ids = [large, other].map((data) => toIncomingEvent(receivedMessage({ data }), INPUT).eventId);

    expect(new Set(ids).size).toBe(2);
  });
});

describe('the carrier', () => {
  it.each(['unmatched', 'invalid', 'conflict', 'changed', 'rivals', 'too_many'] as const)(
    'is a dead letter of Tally when its reason is %s',
    (reason) => {
      const { eventId, publishedAtMs } = firstDelivery();

      const result = toIncomingEvent(
        laterCopy({ attributes: deadLetterOf(undefined, reason) }),
        DEAD_LETTERS,
      );

      expect(result.carrier).toEqual({
        kind: 'dead-lettered',
        reports: [{ reason, error: ERROR, id: eventId, sinceMs: publishedAtMs }],
      });
    },
  );

  it('carries all reports of a dead letter', () => {
    const attributes = deadLetterOf(undefined, 'unmatched', 'conflict', 'changed');

    const { carrier } = toIncomingEvent(laterCopy({ attributes }), DEAD_LETTERS);

    expect(carrier.kind === 'dead-lettered' && carrier.reports.map(({ reason }) => reason)).toEqual([
      'unmatched',
      'conflict',
      'changed',
    ]);
  });

  it.each([
    ['an input, on an input topic', {}, INPUT, 'input'],
    ['an input, on an input topic, when an operator redrove it', deadLetterOf(), INPUT, 'input'],
    ['an input, on an input topic, whatever it calls itself', forwardedAttributes(), INPUT, 'input'],
    ['forwarded, with the attributes of Pub/Sub', forwardedAttributes(), DEAD_LETTERS, 'forwarded'],
    [
      'forwarded, when it was redriven and then forwarded',
      { ...deadLetterOf(), ...forwardedAttributes() },
      DEAD_LETTERS,
      'forwarded',
    ],
    ['bare, without attributes', {}, DEAD_LETTERS, 'bare'],
    ['bare, with a reason that Tally does not have', { tally_reason: 'boredom' }, DEAD_LETTERS, 'bare'],
    ['bare, with a finding that cannot be read', { tally_reason: 'conflict' }, DEAD_LETTERS, 'bare'],
  ])('is %s', (_what, attributes, spec, kind) => {
    const result = toIncomingEvent(laterCopy({ attributes }), spec);

    expect(result.carrier.kind).toBe(kind);
  });
});
