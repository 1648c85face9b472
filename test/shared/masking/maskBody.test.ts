import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frozenMask } from '../../../shared/masking/frozenMask.ts';
import { maskCardNumbers } from '../../../shared/masking/maskCardNumbers.ts';
import { BODY_BYTES_MAX } from '../../../shared/bodyText.ts';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import { cardNumbersIn, meanText } from '../../../proof/fuzz/judge/cardOracle.ts';
import { CARD, orderBytes, paymentBytes } from '../../../proof/referenceMessages.ts';

const MASKED = '************1111';

const idText = (text: string): string => Buffer.from(maskBody(Buffer.from(text)).idData).toString();
const redactText = (text: string): string => Buffer.from(maskBody(Buffer.from(text)).data).toString();

describe('maskBody, of JSON', () => {
  it.each(['item', 'shipping_address', 'order_status', 'creation_date'])(
    'masks a card number in the text field %s and leaves a message that is processed as usual',
    (field) => {
      const body = orderBytes({ [field]: `"card ${CARD}"` });

      const { data, isRedacted } = maskBody(body);

      expect(isRedacted).toBe(true);
      expect(data.toString()).toBe(orderBytes({ [field]: `"card ${MASKED}"` }).toString());
      expect(() => parseOrder(data)).not.toThrow();
    },
  );

  it.each([
    ['with spaces', '{"a": "4111 1111 1111 1111"}', '{"a": "**** **** **** 1111"}'],
    ['with escaped digits', `{"a": "\\u0034${CARD.slice(1)}"}`, `{"a": "${MASKED}"}`],
    ['with an escaped separator', '{"a": "4111\\t1111\\t1111\\t1111"}', '{"a": "****\\t****\\t****\\t1111"}'],
    ['as a key', `{"${CARD}": 1}`, `{"${MASKED}": 1}`],
    ['as an escaped key', `{"\\u0034${CARD.slice(1)}": 1}`, `{"${MASKED}": 1}`],
    ['as a number in a text field', `{"item": ${CARD}}`, '{"item": 1111}'],
    ['as a number that ends in zeros', '{"item": 4000000000000002}', '{"item": 2}'],
    ['as a negative number', `{"item": -${CARD}}`, '{"item": 1111}'],
    ['as a number with a fraction', `{"item": ${CARD}.0}`, '{"item": 1111}'],
    ['as a number with an exponent', `{"item": ${CARD}e0}`, '{"item": 1111}'],
    ['as a number with a signed exponent', `{"item": ${CARD}E+0}`, '{"item": 1111}'],
    ['as a number with an exponent of two digits', `{"item": ${CARD}e-12}`, '{"item": 1111}'],
    ['as the fraction of a number', `{"item": -0.${CARD}e1}`, '{"item": 1111}'],
    ['as the exponent of a number', `{"item": 1.5E-${CARD}}`, '{"item": 1111}'],
    ['as a negative number with a fraction and an exponent', `[-${CARD}.25e-10]`, '[1111]'],
    ['in an array', `["${CARD}", ${CARD}]`, `["${MASKED}", 1111]`],
    ['in an array under the name of an id', `{"order_id": [${CARD}]}`, '{"order_id": [1111]}'],
    ['as a string in a number field', `{"price": "${CARD}"}`, `{"price": "${MASKED}"}`],
    ['deep inside', `{"a": [{"b": [["${CARD}"]]}]}`, `{"a": [{"b": [["${MASKED}"]]}]}`],
    ['as the whole body', `"${CARD}"`, `"${MASKED}"`],
    ['as the whole body, a number', CARD, '1111'],
    [
      'in an id that is no digits',
      '{"order_id": "4111-1111-1111-1111"}',
      '{"order_id": "****-****-****-1111"}',
    ],
    ['as a value after an id', `{"order_id": 1, "a": "${CARD}"}`, `{"order_id": 1, "a": "${MASKED}"}`],
    ['as a text that is an id elsewhere', `["order_id", "${CARD}"]`, `["order_id", "${MASKED}"]`],
    ['as the key after an id', `{"order_id": {"${CARD}": 1}}`, `{"order_id": {"${MASKED}": 1}}`],
  ])('masks a card number %s', (_how, body, masked) => {
    const result = redactText(body);

    expect(result).toBe(masked);
  });

  it.each([
    ['an id as a number', `{"order_id": ${CARD}, "customer_id": ${CARD}, "payment_id": ${CARD}}`],
    ['an id as a string of digits', `{"order_id": "${CARD}", "payment_id":\n "${CARD}"}`],
    ['an id under an escaped name', `{"order\\u005fid": ${CARD}}`],
    ['an id with spaces before its colon', `{"order_id" : ${CARD}, "payment_id"\n:\t"${CARD}"}`],
    ['a price', '{"price": 457.0966360351904}'],
    ['a price and a quantity that would be card numbers', `{"price": ${CARD}, "quantity": ${CARD}}`],
    ['a price whose fraction would be a card number', `{"price": 4.${CARD}}`],
    ['a number that no issuer issues', '{"item": 4222222222222, "a": "1111111111111117"}'],
    ['groups that no card has', '{"item": "41111111 11111111", "a": "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1"}'],
    ['an IMEI, an EAN and a phone number', '["490154203237518", "4006381333931", "94105-1234 415 555 0100"]'],
    ['an id of 20 digits', '{"payment_id": 41111111111111111110}'],
    ['digits in neighbouring values', '["4111", "1111", "1111", "1111", 4111, 1111, 1111, 1111]'],
    ['odd spacing', ' {"a" :\t"b\\u0041\\/" ,\r\n"c":1.50e+2 } '],
  ])('leaves %s as it was sent, to the byte', (_what, text) => {
    const body = Buffer.from(text);

    const { data, isRedacted } = maskBody(body);

    expect(isRedacted).toBe(false);
    expect(data).toBe(body);
  });

  it.each(['occurred_at', 'payment_datetime', 'creation_date', 'item', 'note'])(
    'leaves a time in the field %s, which the first rule took for a card number',
    (field) => {
      const ms = `{"${field}": 1731000000009}`;
      const text = `{"${field}": "1731000000009", "a": ["20240101000006", 1731000000009.0]}`;

      expect([redactText(ms), redactText(text)]).toEqual([ms, text]);
      expect([idText(ms), idText(text)]).toEqual([
        `{"${field}": 9}`,
        `{"${field}": "*********0009", "a": ["**********0006", 9]}`,
      ]);
    },
  );

  it('leaves a number of milliseconds in a text field, so the error says what came', () => {
    const { data } = maskBody(paymentBytes({ payment_datetime: '1731000000009' }));

    expect(() => parsePayment(data)).toThrow('got a number of 13 characters');
  });

  it('masks a card number in the field of a time', () => {
    expect(redactText(`{"occurred_at": ${CARD}, "payment_datetime": "${CARD}"}`)).toBe(
      `{"occurred_at": 1111, "payment_datetime": "${MASKED}"}`,
    );
  });

  it('leaves what the first rule masks beside a card number, but for the same text', () => {
    const body =
      '{"card": "4111 1111 1111 1111", "at": 1731000000009, "note": "1731000000009, 4111111111111111"}';

    expect(redactText(body)).toBe(
      '{"card": "**** **** **** 1111", "at": 1731000000009, "note": "*********0009, ************1111"}',
    );
  });

  it('gives the bytes of the event id as the first rule masks them, for ever', () => {
    const body = `{"item": ["4222222222222", 1731000000009, -0.${CARD}], "order_id": ${CARD}, "price": ${CARD}}`;

    expect(idText(body)).toBe(`{"item": ["*********2222", 9, 1111], "order_id": ${CARD}, "price": ${CARD}}`);
    expect(idText(`no JSON 1731000000009 ${CARD}`)).toBe(`no JSON *********0009 ************1111`);
  });
});

describe('maskBody, of anything else', () => {
  it.each([
    ['plain text', `card ${CARD}`, `card ${MASKED}`],
    ['JSON that ends too early', `{"item": "${CARD}"`, `{"item": "${MASKED}"`],
    ['JSON with a byte order mark', `\ufeff{"item": "${CARD}"}`, `\ufeff{"item": "${MASKED}"}`],
    ['two JSON values', `"${CARD}" "${CARD}"`, `"${MASKED}" "${MASKED}"`],
  ])('masks a card number in %s', (_what, text, masked) => {
    const result = redactText(text);

    expect(result).toBe(masked);
  });

  it('masks a card number between bytes that are not UTF-8 and keeps those bytes', () => {
    const body = Buffer.from(`\u00ff\u00fe${CARD}\u00e9`, 'latin1');

    const { data, isRedacted } = maskBody(body);

    expect(isRedacted).toBe(true);
    expect(Buffer.from(data)).toEqual(Buffer.from(`\u00ff\u00fe${MASKED}\u00e9`, 'latin1'));
  });

  it('takes JSON that is not UTF-8 for no JSON, so that its ids are masked like any text', () => {
    const body = Buffer.from(`{"order_id": ${CARD}, "item": "Größe"}`, 'latin1');

    const { data } = maskBody(body);

    expect(Buffer.from(data)).toEqual(Buffer.from(`{"order_id": ${MASKED}, "item": "Größe"}`, 'latin1'));
  });

  it.each([
    ['at the limit, of which the ids are spared', BODY_BYTES_MAX, CARD],
    ['one byte over it, which nobody reads, ids masked', BODY_BYTES_MAX + 1, MASKED],
  ])('has JSON %s', (_what, bytes, id) => {
    const body = Buffer.from(`{"order_id":"${CARD}"}`.padEnd(bytes));

    const { data } = maskBody(body);

    expect(data.toString().trimEnd()).toBe(`{"order_id":"${id}"}`);
    expect(data.byteLength).toBe(bytes);
  });

  it('leaves an empty body as it is', () => {
    const { data, isRedacted } = maskBody(new Uint8Array());

    expect(isRedacted).toBe(false);
    expect(data).toHaveLength(0);
  });

  it('reads only its own part of a shared buffer', () => {
    const shared = Buffer.from(`${CARD}"${CARD}"${CARD}`);
    const own = shared.subarray(CARD.length, shared.length - CARD.length);

    const { data } = maskBody(own);

    expect(data.toString()).toBe(`"${MASKED}"`);
  });
});

/** JSON values full of mean texts, under keys that are ids, mean themselves or plain. */
const meanJson = (): fc.Arbitrary<unknown> =>
  fc.letrec((self) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      meanText(),
      fc.maxSafeInteger(),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      fc.constantFrom(null, true, Number(CARD), -Number(CARD)),
      fc.array(self('value'), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.constantFrom('order_id', 'price', 'item'), meanText()), self('value'), {
        maxKeys: 4,
        noNullPrototype: true,
      }),
    ),
  })).value;

/** JSON text with the digits inside strings escaped or not, and with spaces or not. */
const meanJsonText = (): fc.Arbitrary<string> =>
  fc.tuple(meanJson(), fc.boolean(), fc.constantFrom(undefined, 1)).map(([value, isEscaped, indent]) => {
    const text = JSON.stringify(value, undefined, indent);
    return isEscaped
      ? text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (token) =>
          token.replaceAll(/(?<!\\u....|\\u...|\\u..|\\u.)\d/g, escapeSign),
        )
      : text;
  });

const escapeSign = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Bytes that are nearly JSON: all the signs of it, in any order, with card numbers between. */
const nearlyJsonText = (): fc.Arbitrary<string> =>
  fc
    .array(fc.oneof(fc.constantFrom(...'{}[]":,\\.-eu0 4\n*'.split('')), fc.constant(CARD), meanText()), {
      maxLength: 12,
    })
    .map((signs) => signs.join(''));

/** The texts of a JSON value, keys included, but for ids that are strings of digits. */
const textsOf = (value: unknown, key = ''): string[] => {
  if (typeof value === 'string') return isIdText(key, value) ? [] : [value];
  if (Array.isArray(value)) return value.flatMap((entry) => textsOf(entry));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, entry]) => [name, ...textsOf(entry, name)]);
};

const isIdText = (key: string, text: string): boolean =>
  ['order_id', 'customer_id', 'payment_id'].includes(key) && /^\d+$/.test(text);

/** What redaction makes of a JSON value, told from the value and not from its text. */
const maskValue = (value: unknown, key = ''): unknown => {
  if (typeof value === 'string') return isIdText(key, value) ? value : maskCardNumbers(value);
  if (Array.isArray(value)) return value.map((entry) => maskValue(entry));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [maskCardNumbers(name), maskValue(entry, name)]),
    );
  }
  if (typeof value !== 'number' || ['order_id', 'price'].includes(key)) return value;
  const parts = JSON.stringify(value).split(/\D+/);
  if (parts.every((digits) => cardNumbersIn(digits).length === 0)) return value;
  const masked = parts.find((digits) => frozenMask(digits) !== digits);
  return Number(masked?.slice(-4));
};

describe('maskBody, of everything', () => {
  it.each([
    ['JSON', meanJsonText().map((text) => Buffer.from(text))],
    ['what is nearly JSON', nearlyJsonText().map((text) => Buffer.from(text))],
    ['plain text', meanText().map((text) => Buffer.from(text))],
    ['text that is not UTF-8', meanText().map((text) => Buffer.from(`\u00ff${text}`, 'latin1'))],
    ['any bytes', fc.uint8Array().map((bytes) => Buffer.from(bytes))],
  ])('changes no byte of %s a second time, so that the event id stays', (_what, bodies) => {
    fc.assert(
      fc.property(bodies, (body) => {
        const once = maskBody(body).data;

        const twice = maskBody(once);

        expect(twice.isRedacted).toBe(false);
        expect(Buffer.compare(twice.data, once)).toBe(0);
        expect(Buffer.compare(twice.idData, maskBody(body).idData)).toBe(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('keeps JSON well-formed and lets no card number survive in its texts and keys', () => {
    fc.assert(
      fc.property(meanJsonText(), (body) => {
        const result: unknown = JSON.parse(redactText(body));

        expect(textsOf(result).flatMap(cardNumbersIn)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('masks what the values of JSON hold, however they are written, and nothing else', () => {
    fc.assert(
      fc.property(meanJsonText(), (body) => {
        const result: unknown = JSON.parse(redactText(body));

        expect(result).toEqual(maskValue(JSON.parse(body)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('turns nothing into JSON that was none', () => {
    fc.assert(
      fc.property(nearlyJsonText(), (body) => {
        const result = redactText(body);

        expect(isJson(result)).toBe(isJson(body));
      }),
      { numRuns: 2_000 },
    );
  });

  it('lets no card number survive in what is not JSON', () => {
    fc.assert(
      fc.property(nearlyJsonText(), (body) => {
        fc.pre(!isJson(body));

        const result = redactText(body);

        expect(cardNumbersIn(result)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
