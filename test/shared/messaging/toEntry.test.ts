import { describe, expect, it } from 'vitest';
import { MalformedBodyError } from '../../../shared/messaging/parseMessage.ts';
import { toEntry } from '../../../shared/messaging/toEntry.ts';
import { orderBytes, paymentBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { order, payment } from '../../support/messages/domain.ts';
import { event } from '../../support/messages/builders.ts';

const WHY_GZIP =
  'bytes of gzip: they unpack to more, are damaged or packed twice, or lack the attribute content-encoding ' +
  'with the value gzip';
const STAMP = { eventId: event().eventId, publishedAtMs: PUBLISHED_AT_MS };

describe('the entry of an event', () => {
  it('is an order, at its publish time', () => {
    expect(toEntry(event({ origin: 'orders_data', data: orderBytes() }))).toEqual({
      ...STAMP,
      kind: 'order',
      orderId: 1n,
      order: order(),
      atMs: PUBLISHED_AT_MS,
      occurredAtMs: undefined,
      isRedacted: false,
    });
  });

  it('is a payment, marked when a card number was masked', () => {
    expect(toEntry(event({ isRedacted: true }))).toEqual({
      ...STAMP,
      kind: 'payment',
      orderId: 1n,
      payment: payment(),
      atMs: PUBLISHED_AT_MS,
      occurredAtMs: undefined,
      isRedacted: true,
    });
  });

  it.each([
    ['its producer’s time', PUBLISHED_AT_MS - 7, PUBLISHED_AT_MS - 7],
    ['its publish time, when its producer’s is not believed', PUBLISHED_AT_MS + 300_001, PUBLISHED_AT_MS],
  ])('has %s, and keeps what was sent', (_what, occurredAtMs, atMs) => {
    const occurred = { occurred_at: String(occurredAtMs) };

    expect([
      toEntry(event({ origin: 'orders_data', data: orderBytes(occurred) })),
      toEntry(event({ data: paymentBytes(occurred) })),
    ]).toMatchObject([
      { occurredAtMs, atMs },
      { occurredAtMs, atMs },
    ]);
  });

  it('is refused when the body is not what the topic carries', () => {
    expect(() => toEntry(event({ data: orderBytes() }))).toThrow(MalformedBodyError);
    expect(() => toEntry(event({ origin: 'orders_data' }))).toThrow(MalformedBodyError);
  });

  it.each([
    [1_048_577, 'bytes, got 1048577'],
    [1_048_576, `bytes of JSON, got 1048576 ${WHY_GZIP}`],
    [20_000, `bytes of JSON, got 20000 ${WHY_GZIP}`],
  ])('is refused when the body was cut, of %i bytes', (bytes, got) => {
    const cut = { bytes, sha256: 'ab'.repeat(32) };

    const error = caughtFrom(() => toEntry(event({ cut, data: paymentBytes() })));

    expect(error).toMatchObject({
      message: `body: expected at most 1048576 ${got}`,
      subject: { orderId: 1n, paymentId: 1001n },
    });
  });
});

const caughtFrom = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};
