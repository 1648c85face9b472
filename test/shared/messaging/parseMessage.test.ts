import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../../shared/errors.ts';
import { BODY_BYTES_MAX } from '../../../shared/bodyText.ts';
import { MalformedBodyError, parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import { order, orderBytes, payment, paymentBytes } from '../../../proof/referenceMessages.ts';

const ID_ALLOWED = 'a whole number from 0 to 9223372036854775807, as a number or as a string of digits';

/** The text of the PermanentError that `parse` throws; anything else fails the test. */
const errorOf = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    if (error instanceof PermanentError) return error.message;
    throw error;
  }
  throw new Error('expected a PermanentError, got a result');
};

describe('parseOrder and parsePayment', () => {
  it('read an order as the reference sends it', () => {
    const result = parseOrder(orderBytes());

    expect(result).toEqual(order());
  });

  it('read a payment as the reference sends it, impossible time and all', () => {
    const result = parsePayment(paymentBytes({ payment_datetime: '"2024-01-21T500:01:30Z"' }));

    expect(result).toEqual(payment({ paymentDatetime: '2024-01-21T500:01:30Z' }));
  });

  it('ignore fields that they do not know', () => {
    const result = parseOrder(orderBytes({ coupon: '[1, {"a": null}]', orderId: '7' }));

    expect(result).toEqual(order());
  });

  it('take the last of two fields of one name, as JSON does', () => {
    const body = Buffer.from(orderBytes().toString().replace('{', '{"order_id": 9007199254740993, '));

    const result = parseOrder(body);

    expect(result.orderId).toBe(1n);
  });

  it.each([
    ['__proto__', '{"item": "Phone"}'],
    ['constructor', '"Phone"'],
  ])('take %s for a field like any other', (name, source) => {
    const withProto = orderBytes({ [name]: source });
    const withoutItem = orderBytes({ [name]: source, item: undefined });

    expect(parseOrder(withProto)).toEqual(order());
    expect(errorOf(() => parseOrder(withoutItem))).toContain('item: ');
  });
});

describe('an id', () => {
  it.each([
    ['0', 0n],
    ['1', 1n],
    ['9007199254740993', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['"0"', 0n],
    ['"9223372036854775807"', 9223372036854775807n],
    ['"007"', 7n],
    ['"00"', 0n],
    ['"10"', 10n],
    [`"${'0'.repeat(100)}9223372036854775807"`, 9223372036854775807n],
  ])('is read from %s to its last digit', (source, id) => {
    const result = parseOrder(orderBytes({ order_id: source, customer_id: source }));

    expect(result).toEqual(order({ orderId: id, customerId: id }));
  });

  it.each([
    ['9223372036854775808', 'a number of 19 characters'],
    ['99999999999999999999', 'a number of 20 characters'],
    ['1.5', '1.5'],
    ['1.0', '1.0'],
    ['1e3', '1e3'],
    ['-1', '-1'],
    ['-0', '-0'],
    ['null', 'null'],
    ['true', 'true'],
    ['[]', 'an array'],
    ['[1]', 'an array'],
    ['["1"]', 'an array'],
    ['{}', 'an object'],
    ['""', 'a string of 0 characters'],
    ['" 1"', 'a string of 2 characters'],
    ['"1 "', 'a string of 2 characters'],
    ['"1\\n"', 'a string of 2 characters'],
    ['"x1"', 'a string of 2 characters'],
    ['"1x"', 'a string of 2 characters'],
    ['"0x1"', 'a string of 3 characters'],
    ['"-1"', 'a string of 2 characters'],
    ['"+1"', 'a string of 2 characters'],
    ['"1.0"', 'a string of 3 characters'],
    ['"１"', 'a string of 1 characters'],
    ['"9223372036854775808"', 'a string of 19 characters'],
    ['"10000000000000000000"', 'a string of 20 characters'],
    [undefined, 'nothing'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parsePayment(paymentBytes({ payment_id: source })));

    expect(error).toBe(`payment_id: expected ${ID_ALLOWED}, got ${got}`);
  });

  it('of any value that Cassandra can hold is read the same from a number and from a string', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), (id) => {
        const fromNumber = parsePayment(paymentBytes({ order_id: String(id) }));
        const fromString = parsePayment(paymentBytes({ order_id: `"${id}"` }));

        expect(fromNumber.orderId).toBe(id);
        expect(fromString.orderId).toBe(id);
      }),
    );
  });
});

describe('a price', () => {
  it.each([
    ['457.0966360351904', 457.0966360351904],
    ['0', 0],
    ['-0', 0],
    ['-0.0', 0],
    ['1e2', 100],
    ['1.7976931348623157e308', Number.MAX_VALUE],
  ])('is read from %s', (source, price) => {
    const result = parseOrder(orderBytes({ price: source }));

    expect(Object.is(result.price, price)).toBe(true);
  });

  it.each([
    ['-0.01', '-0.01'],
    ['1e999', '1e999'],
    ['"457.09"', 'a string of 6 characters'],
    ['null', 'null'],
    ['true', 'true'],
    [undefined, 'nothing'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parseOrder(orderBytes({ price: source })));

    expect(error).toBe(`price: expected a finite number, 0 or more, got ${got}`);
  });
});

describe('a quantity', () => {
  it.each([
    ['1', 1n],
    ['9223372036854775807', 9223372036854775807n],
  ])('is read from %s', (source, quantity) => {
    const result = parseOrder(orderBytes({ quantity: source }));

    expect(result.quantity).toBe(quantity);
  });

  it.each([
    ['0', '0'],
    ['-1', '-1'],
    ['1.5', '1.5'],
    ['1.0', '1.0'],
    ['1e1', '1e1'],
    ['9223372036854775808', 'a number of 19 characters'],
    ['"1"', 'a string of 1 characters'],
    ['null', 'null'],
    [undefined, 'nothing'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parseOrder(orderBytes({ quantity: source })));

    expect(error).toBe(`quantity: expected a whole number from 1 to 9223372036854775807, got ${got}`);
  });
});

describe('card_last_four', () => {
  it.each(['0001', '0000', '9999'])('is read from "%s"', (digits) => {
    const result = parsePayment(paymentBytes({ card_last_four: `"${digits}"` }));

    expect(result.cardLastFour).toBe(digits);
  });

  it.each([
    ['"001"', 'a string of 3 characters'],
    ['"00001"', 'a string of 5 characters'],
    ['"000x"', 'a string of 4 characters'],
    ['"0001\\n"', 'a string of 5 characters'],
    ['"١٢٣٤"', 'a string of 4 characters'],
    ['"4111111111111111"', 'a string of 16 characters'],
    ['1234', '1234'],
    ['["0001"]', 'an array'],
    ['4111111111111111', 'a number of 16 characters'],
    ['null', 'null'],
    [undefined, 'nothing'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parsePayment(paymentBytes({ card_last_four: source })));

    expect(error).toBe(`card_last_four: expected a string of exactly four digits, got ${got}`);
  });
});

describe('a text', () => {
  it.each([
    ['empty', '""', ''],
    ['at its limit', `"${'é'.repeat(2_000)}"`, 'é'.repeat(2_000)],
    ['of any script', '"\\ud83d\\ude80 Größe"', '🚀 Größe'],
  ])('is read when it is %s', (_how, source, item) => {
    const result = parseOrder(orderBytes({ item: source }));

    expect(result.item).toBe(item);
  });

  it('with half a surrogate pair is made a text that can be stored', () => {
    const result = parseOrder(orderBytes({ item: '"a\\ud83d"' }));

    expect(result.item).toBe('a\ufffd');
  });

  it.each([
    [`"${'x'.repeat(2_001)}"`, 'a string of 2001 characters'],
    ['1', '1'],
    ['123456789012', '123456789012'],
    ['1234567890123', 'a number of 13 characters'],
    ['null', 'null'],
    ['["Laptop"]', 'an array'],
    ['{"a": "Laptop"}', 'an object'],
    [undefined, 'nothing'],
  ])('is refused from %.20s', (source, got) => {
    const error = errorOf(() => parseOrder(orderBytes({ item: source })));

    expect(error).toBe(`item: expected a string of at most 2000 characters, got ${got}`);
  });
});

/** JSON in which a text stands and which no field of an order takes; the price takes none of it. */
const badSources = (text: string): string[] => [
  `["${text}"]`,
  `{"${text}": "${text}"}`,
  `"${text.repeat(400)}"`,
  `[{"a": "${text}"}]`,
];

describe('a body that is refused', () => {
  it('is told every bad field at once', () => {
    const error = errorOf(() => parseOrder(Buffer.from('{"order_id": 1.5, "item": "Laptop", "price": "1"}')));

    expect(error.split('; ')).toEqual([
      `order_id: expected ${ID_ALLOWED}, got 1.5`,
      `customer_id: expected ${ID_ALLOWED}, got nothing`,
      'quantity: expected a whole number from 1 to 9223372036854775807, got nothing',
      'price: expected a finite number, 0 or more, got a string of 1 characters',
      'shipping_address: expected a string of at most 2000 characters, got nothing',
      'order_status: expected a string of at most 2000 characters, got nothing',
      'creation_date: expected a string of at most 2000 characters, got nothing',
    ]);
  });

  it.each([
    ['bad fields', paymentBytes({ order_id: undefined, card_last_four: '"411111111111111; 1"' }), 2],
    ['no JSON at all', Buffer.from('nonsense'), 1],
  ])('with %s has its problems as a list, for whoever shows them line by line', (_what, body, count) => {
    let thrown: unknown;
    try {
      parsePayment(body);
    } catch (error) {
      thrown = error;
    }

    expect(thrown).toBeInstanceOf(MalformedBodyError);
    const { problems, message } = thrown as MalformedBodyError;
    expect(problems).toHaveLength(count);
    expect(problems.join('; ')).toBe(message);
  });

  it.each([
    ['empty', '', 'no data'],
    ['no JSON', 'SECRET', '6 bytes that are not JSON'],
    ['blank', '  ', '2 bytes that are not JSON'],
    ['JSON after a byte order mark', '\ufeff{"order_id": 1}', '18 bytes that are not JSON'],
    ['JSON twice', '{}{}', '4 bytes that are not JSON'],
    ['JSON with a comment', '{} // SECRET', '12 bytes that are not JSON'],
    ['JSON with NaN', '{"price": NaN}', '14 bytes that are not JSON'],
    ['an array', '[{}]', 'an array'],
    ['a string', '"SECRET"', 'a string of 6 characters'],
    ['a number', '17', '17'],
    ['null', 'null', 'null'],
    ['true', 'true', 'true'],
    ['an unfinished nesting', '{"a":'.repeat(100_000), 'one nested 100000 deep, above the limit of 100'],
    [
      'a deep nesting',
      `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`,
      'one nested 200001 deep, above the limit of 100',
    ],
  ])('says so when it is %s', (_what, text, got) => {
    const error = errorOf(() => parseOrder(Buffer.from(text)));

    expect(error).toBe(`body: expected a JSON object, got ${got}`);
  });

  it('says so when it is not UTF-8', () => {
    const latin1 = Buffer.from('{"item": "Größe"}', 'latin1');

    const error = errorOf(() => parseOrder(latin1));

    expect(error).toBe('body: expected UTF-8 text, got other bytes');
  });

  it('is one byte over the limit, and none at the limit', () => {
    const atLimit = Buffer.concat([orderBytes(), Buffer.alloc(BODY_BYTES_MAX - orderBytes().length, ' ')]);
    const overLimit = Buffer.concat([atLimit, Buffer.from(' ')]);

    expect(parseOrder(atLimit)).toEqual(order());
    expect(errorOf(() => parseOrder(overLimit))).toBe('body: expected at most 1048576 bytes, got 1048577');
  });

  it('is never quoted, whatever its fields hold', () => {
    const secret = fc.stringMatching(/^[A-Z]{6,12}$/);
    const orderFields = Object.keys(JSON.parse(orderBytes().toString()) as object);

    fc.assert(
      fc.property(
        secret,
        fc.nat({ max: 3 }),
        fc.subarray(orderFields, { minLength: 1 }),
        (text, shape, fields) => {
          const source = badSources(text)[shape];
          const body = orderBytes({
            price: `"${text}"`,
            ...Object.fromEntries(fields.map((name) => [name, source])),
          });

          const error = errorOf(() => parseOrder(body));

          expect(error).not.toContain(text);
        },
      ),
    );
  });
});
