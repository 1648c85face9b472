import { describe, expect, it } from 'vitest';
import { parseRequest, RequestRefusedError } from '../../../functions/simulate/parseRequest.ts';
import { PermanentError } from '../../../shared/errors.ts';
import { frozenMask } from '../../../shared/masking/frozenMask.ts';
import { toErrorText } from '../../../shared/masking/toErrorText.ts';
import { parseOrder } from '../../../shared/messaging/parseMessage.ts';
import { parsePushBody } from '../../../shared/messaging/pushBody.ts';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import { traceFields } from '../../../shared/telemetry/traceFields.ts';
import { pushRequest } from '../../support/messages/builders.ts';
import { cardNumbersIn } from '../../../proof/fuzz/judge/cardOracle.ts';
import { CARD, orderBytes } from '../../../proof/referenceMessages.ts';

const ERROR_BYTES_MAX = 1_000;
const CUT_MARK = '…';
const ATTRIBUTES_MAX = 1_000;

/** Every bug of the product that hostile input found, with the smallest input that shows it. */
describe('what hostile input found', () => {
  it.each(['1', '11', '1111111111111', ' 1', '-', ' 9 9 9'])(
    'an error text is cut so that no card number is left, also when "%s" followed it',
    (rest) => {
      const kept = ERROR_BYTES_MAX - Buffer.byteLength(CUT_MARK);
      const text = `${'x'.repeat(kept - CARD.length)}${CARD}${rest}${'y'.repeat(ERROR_BYTES_MAX)}`;

      const result = toErrorText(text);

      expect(cardNumbersIn(result)).toEqual([]);
      expect(result.endsWith(CUT_MARK)).toBe(true);
      expect(Buffer.byteLength(result)).toBe(ERROR_BYTES_MAX);
    },
  );

  it.each([
    ['no-break spaces in UTF-8', Buffer.from('4111\u00a01111\u00a01111\u00a01111')],
    ['thin spaces in UTF-8', Buffer.from('4111\u20091111\u20091111\u20091111')],
    ['en dashes in UTF-8', Buffer.from('4111\u20131111\u20131111\u20131111')],
    ['tag spaces in UTF-8', Buffer.from('4111\u{e0020}1111\u{e0020}1111\u{e0020}1111')],
    ['no-break spaces in Latin-1', Buffer.from('4111\u00a01111\u00a01111\u00a01111', 'latin1')],
    [
      'no-break spaces in both',
      Buffer.concat([Buffer.from('4111\u00a01111\u00a0'), Buffer.from('1111\u00a01111', 'latin1')]),
    ],
  ])(
    'a card number with %s is masked next to a byte that is not UTF-8, and no other byte changes',
    (_how, card) => {
      const body = Buffer.concat([Buffer.from('caf\u00e9 '), card, Buffer.from([0xff, 0xc3])]);

      const { data, isRedacted } = maskBody(body);

      const digits = Buffer.from(data)
        .toString('latin1')
        .replaceAll(/[^0-9]/g, '');
      expect(isRedacted).toBe(true);
      expect(digits).toBe('1111');
      expect(data).toHaveLength(body.length);
      expect(body.filter((byte) => !isDigit(byte))).toEqual(
        Buffer.from(data).filter((byte, at) => !isDigit(body[at] ?? 0)),
      );
    },
  );

  it('a time in milliseconds stays a time, also when it has the check digit of a card number', () => {
    const occurredAtMs = 1_795_894_499_841;
    const { data } = maskBody(orderBytes({ occurred_at: String(occurredAtMs) }));

    expect(frozenMask(String(occurredAtMs))).not.toBe(String(occurredAtMs));
    expect(parseOrder(data).occurredAtMs).toBe(occurredAtMs);
  });

  it('a delivery attempt that could be a card number is refused', () => {
    const { rawBody } = pushRequest({ body: { deliveryAttempt: Number(CARD) } });

    expect(() => parsePushBody('POST', rawBody)).toThrow('deliveryAttempt: ');
  });

  it('more attributes than Pub/Sub sends are refused with one short error', () => {
    const attributes = Object.fromEntries(
      Array.from({ length: ATTRIBUTES_MAX + 1 }, (_, at) => [`${at}`, 1]),
    );
    const { rawBody } = pushRequest({ message: { attributes } });

    expect(() => parsePushBody('POST', rawBody)).toThrow(
      /^expected a Pub\/Sub push: message.attributes: expected at most 1000 attributes$/,
    );
  });

  it.each([
    ['nested', `${'['.repeat(1_001)}${']'.repeat(1_001)}`],
    ['never closed', '{"":'.repeat(1_001)],
    ['side by side, after strings that end in odd ways', `["\\\\", "\\"[", ${'{}, '.repeat(1_000)}0]`],
  ])('more than a thousand objects and arrays that are %s are refused unread', (_how, body) => {
    expect(() => parsePushBody('POST', Buffer.from(body))).toThrow('more than 1000 objects and arrays');
  });

  it.each([
    ['a thousand', `[${'[],'.repeat(999)}0]`],
    ['more, but in a string', JSON.stringify(`\\"${'['.repeat(5_000)}`)],
    ['more, but in a string that is never closed', `"\\"${'['.repeat(5_000)}`],
  ])('objects and arrays are read when they are %s', (_how, body) => {
    expect(() => parsePushBody('POST', Buffer.from(body))).toThrow(/expected a Pub\/Sub push(?!, got more)/);
  });

  it('whether a message is valid does not depend on how much of the stack is left', () => {
    const deep = (depth: number) => orderBytes({ extra: `${'['.repeat(depth)}${']'.repeat(depth)}` });

    for (const stackUsed of [0, 2_000, 6_000]) {
      expect(below(stackUsed, () => readsOrder(deep(99)))).toBe(true);
      expect(below(stackUsed, () => readsOrder(deep(100)))).toBe(false);
    }
  });

  it.each([
    ['span', `00-0af7651916cd43dd8448eb211c80319c-${CARD}-01`],
    ['trace', `00-0af765191a${CARD}b8448e-b7ad6b7169203331-01`],
  ])('a trace whose %s id reads as a card number is not logged', (_which, traceparent) => {
    const fields = traceFields(traceparent, 'tally-local');

    expect(fields).toEqual({});
  });

  it.each(['\t', '\n', '\r\n'])(
    'the simulator quotes no card number that is written with %j',
    (separator) => {
      const preset = `4111${separator}1111${separator}1111${separator}1111`;

      const problems = problemsOf({ preset });

      expect(problems[0]).toContain('****');
      expect(problems[0]).not.toContain('4111');
    },
  );
});

/** Calls a function with this many more frames on the stack. */
const below = <T>(frames: number, call: () => T): T => (frames === 0 ? call() : below(frames - 1, call));

const readsOrder = (data: Uint8Array): boolean => {
  try {
    parseOrder(data);
    return true;
  } catch (error) {
    if (error instanceof PermanentError) return false;
    throw error;
  }
};

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

const problemsOf = (request: object): readonly string[] => {
  try {
    parseRequest('POST', Buffer.from(JSON.stringify(request)), () => 1);
  } catch (error) {
    if (error instanceof RequestRefusedError) return error.problems;
    throw error;
  }
  throw new Error('expected a refusal, got a request');
};
