import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PermanentError } from '../../../shared/errors.ts';
import { BODY_BYTES_MAX } from '../../../shared/bodyText.ts';
import {
  ID_MAX,
  fieldsOf,
  MalformedBodyError,
  parseOrder,
  parsePayment,
  readSubject,
} from '../../../shared/messaging/parseMessage.ts';
import { toErrorText } from '../../../shared/masking/toErrorText.ts';
import { orderBytes, paymentBytes } from '../../../proof/referenceMessages.ts';
import { order, payment } from '../../support/messages/domain.ts';

const ID_ALLOWED = 'a whole number from 0 to 9223372036854775807, as a number or as a string of digits';
const QUANTITY_ALLOWED = ID_ALLOWED.replace('from 0', 'from 1');
const PRICE_ALLOWED = 'a finite number, 0 or more, as a number or as plain decimal text';
const TIME_ALLOWED = 'a time from the year 2000 on, in RFC 3339 or in milliseconds, or nothing';

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

const orderOf = (...args: Parameters<typeof orderBytes>) => parseOrder(orderBytes(...args)).order;
const paymentOf = (...args: Parameters<typeof paymentBytes>) => parsePayment(paymentBytes(...args)).payment;

describe('parseOrder and parsePayment', () => {
  it('read an order as the reference sends it', () => {
    const result = parseOrder(orderBytes());

    expect(result).toEqual({ order: order(), occurredAtMs: undefined });
  });

  it('read a payment as the reference sends it, impossible time and all', () => {
    const result = parsePayment(paymentBytes({ payment_datetime: '"2024-01-21T500:01:30Z"' }));

    expect(result).toEqual({
      payment: payment({ paymentDatetime: '2024-01-21T500:01:30Z' }),
      occurredAtMs: undefined,
    });
  });

  it('ignore fields that they do not know', () => {
    const result = orderOf({ coupon: '[1, {"a": null}]', orderId: '7' });

    expect(result).toEqual(order());
  });

  it('take the last of two fields of one name, as JSON does', () => {
    const body = Buffer.from(orderBytes().toString().replace('{', '{"order_id": 9007199254740993, '));

    const { order: result } = parseOrder(body);

    expect(result.orderId).toBe(1n);
  });

  it.each([
    ['__proto__', '{"item": "Phone"}'],
    ['constructor', '"Phone"'],
  ])('take %s for a field like any other', (name, source) => {
    const withProto = orderBytes({ [name]: source });
    const withoutItem = orderBytes({ [name]: source, item: undefined });

    expect(parseOrder(withProto).order).toEqual(order());
    expect(errorOf(() => parseOrder(withoutItem))).toContain('item: ');
  });
});

describe('an id', () => {
  it.each([
    ['0', 0n],
    ['1', 1n],
    ['7502.0', 7502n],
    ['0.000', 0n],
    ['9007199254740993', 9007199254740993n],
    ['9007199254740993.0', 9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['"0"', 0n],
    ['"9223372036854775807"', 9223372036854775807n],
    ['"007"', 7n],
    ['"00"', 0n],
    ['"10"', 10n],
    [`"${'0'.repeat(100)}9223372036854775807"`, 9223372036854775807n],
  ])('is read from %s to its last digit', (source, id) => {
    const result = orderOf({ order_id: source, customer_id: source });

    expect(result).toEqual(order({ orderId: id, customerId: id }));
  });

  it.each([
    ['9223372036854775808', 'a number of 19 characters'],
    ['99999999999999999999', 'a number of 20 characters'],
    ['1.5', '1.5'],
    ['1.50', '1.50'],
    ['7502.05', '7502.05'],
    ['1.0e0', '1.0e0'],
    ['1e3', '1e3'],
    ['-1', '-1'],
    ['-1.0', '-1.0'],
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
        const fromNumber = paymentOf({ order_id: String(id) });
        const fromString = paymentOf({ order_id: `"${id}"` });

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
    ['"403.00"', 403],
    ['"0"', 0],
    ['"007.5"', 7.5],
    ['"457.0966360351904"', 457.0966360351904],
  ])('is read from %s', (source, price) => {
    const result = orderOf({ price: source });

    expect(Object.is(result.price, price)).toBe(true);
  });

  it.each([
    ['-0.01', '-0.01'],
    ['1e999', '1e999'],
    ['"1,403.00"', 'a string of 8 characters'],
    ['"NaN"', 'a string of 3 characters'],
    ['"Infinity"', 'a string of 8 characters'],
    ['"-1"', 'a string of 2 characters'],
    ['"+1"', 'a string of 2 characters'],
    ['"1e2"', 'a string of 3 characters'],
    ['"1."', 'a string of 2 characters'],
    ['".5"', 'a string of 2 characters'],
    ['" 1"', 'a string of 2 characters'],
    ['"1 "', 'a string of 2 characters'],
    ['"1.2.3"', 'a string of 5 characters'],
    ['"$1"', 'a string of 2 characters'],
    ['"0x1"', 'a string of 3 characters'],
    ['""', 'a string of 0 characters'],
    [`"${'9'.repeat(400)}"`, 'a string of 400 characters'],
    ['[1]', 'an array'],
    ['["1"]', 'an array'],
    ['null', 'null'],
    ['true', 'true'],
    [undefined, 'nothing'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parseOrder(orderBytes({ price: source })));

    expect(error).toBe(`price: expected ${PRICE_ALLOWED}, got ${got}`);
  });
});

describe('a quantity', () => {
  it.each([
    ['1', 1n],
    ['1.0', 1n],
    ['"2"', 2n],
    ['"002"', 2n],
    ['9223372036854775807', 9223372036854775807n],
  ])('is read from %s', (source, quantity) => {
    const result = orderOf({ quantity: source });

    expect(result.quantity).toBe(quantity);
  });

  it.each([
    ['0', '0'],
    ['0.0', '0.0'],
    ['"0"', 'a string of 1 characters'],
    ['-1', '-1'],
    ['1.5', '1.5'],
    ['1e1', '1e1'],
    ['9223372036854775808', 'a number of 19 characters'],
    ['"1.0"', 'a string of 3 characters'],
    ['""', 'a string of 0 characters'],
    ['null', 'null'],
    [undefined, 'nothing'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parseOrder(orderBytes({ quantity: source })));

    expect(error).toBe(`quantity: expected ${QUANTITY_ALLOWED}, got ${got}`);
  });
});

describe('card_last_four', () => {
  it.each(['0001', '0000', '9999'])('is read from "%s"', (digits) => {
    const result = paymentOf({ card_last_four: `"${digits}"` });

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
    ['false', 'false'],
    ['0', '0'],
    ['" "', 'a string of 1 characters'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parsePayment(paymentBytes({ card_last_four: source })));

    expect(error).toBe(`card_last_four: expected a string of exactly four digits, or nothing, got ${got}`);
  });
});

describe('an optional field', () => {
  it.each(['null', '""', undefined])('is unset when it is %s', (source) => {
    const orders = parseOrder(orderBytes({ customer_id: source, occurred_at: source }));
    const payments = parsePayment(paymentBytes({ card_last_four: source, occurred_at: source }));

    expect(orders).toEqual({ order: order({ customerId: undefined }), occurredAtMs: undefined });
    expect(payments).toEqual({ payment: payment({ cardLastFour: undefined }), occurredAtMs: undefined });
  });

  it.each(['order_id', 'item', 'shipping_address', 'order_status', 'creation_date', 'price', 'quantity'])(
    'is not %s: null is refused there',
    (name) => {
      expect(errorOf(() => parseOrder(orderBytes({ [name]: 'null' })))).toContain(`${name}: expected `);
    },
  );

  it.each(['payment_id', 'order_id', 'payment_method', 'payment_status', 'payment_datetime'])(
    'is not %s: null is refused there, of a payment',
    (name) => {
      expect(errorOf(() => parsePayment(paymentBytes({ [name]: 'null' })))).toContain(`${name}: expected `);
    },
  );

  it('that holds something else is refused', () => {
    expect(errorOf(() => parseOrder(orderBytes({ customer_id: '1.5' })))).toBe(
      `customer_id: expected ${ID_ALLOWED}, or nothing, got 1.5`,
    );
  });
});

describe('occurred_at', () => {
  it.each([
    ['"2024-01-21T10:00:00.123Z"', 1_705_831_200_123],
    ['"2024-01-21T11:00:00.123456789+01:00"', 1_705_831_200_123],
    ['1705831200123', 1_705_831_200_123],
    ['1705831200123.0', 1_705_831_200_123],
    ['"1705831200123"', 1_705_831_200_123],
    ['"2000-01-01T00:00:00Z"', Date.UTC(2000)],
    ['946684800000', Date.UTC(2000)],
    ['"9999-12-31T23:59:59Z"', Date.parse('9999-12-31T23:59:59Z')],
    ['8640000000000000', 8.64e15],
  ])('is read from %s, of an order and of a payment', (source, occurredAtMs) => {
    expect(parseOrder(orderBytes({ occurred_at: source })).occurredAtMs).toBe(occurredAtMs);
    expect(parsePayment(paymentBytes({ occurred_at: source })).occurredAtMs).toBe(occurredAtMs);
  });

  it.each([
    ['"1999-12-31T23:59:59.999Z"', 'a string of 24 characters'],
    ['946684799999', '946684799999'],
    ['1705831200', '1705831200'],
    ['1705831200.123', 'a number of 14 characters'],
    ['8640000000000001', 'a number of 16 characters'],
    ['9223372036854775807', 'a number of 19 characters'],
    ['"2024-01-21"', 'a string of 10 characters'],
    ['"2024-01-21T10:00:00"', 'a string of 19 characters'],
    ['"2024-01-21T500:01:30Z"', 'a string of 21 characters'],
    ['"yesterday"', 'a string of 9 characters'],
    ['-1', '-1'],
    ['1.7e12', '1.7e12'],
    ['0', '0'],
    ['true', 'true'],
    ['{}', 'an object'],
  ])('is refused from %s', (source, got) => {
    const error = errorOf(() => parseOrder(orderBytes({ occurred_at: source })));

    expect(error).toBe(`occurred_at: expected ${TIME_ALLOWED}, got ${got}`);
  });
});

describe('a text', () => {
  it.each([
    ['empty', '""', ''],
    ['at its limit', `"${'é'.repeat(2_000)}"`, 'é'.repeat(2_000)],
    ['of any script', '"\\ud83d\\ude80 Größe"', '🚀 Größe'],
  ])('is read when it is %s', (_how, source, item) => {
    const result = orderOf({ item: source });

    expect(result.item).toBe(item);
  });

  it('with half a surrogate pair is made a text that can be stored', () => {
    const result = orderOf({ item: '"a\\ud83d"' });

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
    const error = errorOf(() => parseOrder(Buffer.from('{"order_id": 1.5, "item": "Laptop", "price": "?"}')));

    expect(error.split('; ')).toEqual([
      `order_id: expected ${ID_ALLOWED}, got 1.5`,
      `quantity: expected ${QUANTITY_ALLOWED}, got nothing`,
      `price: expected ${PRICE_ALLOWED}, got a string of 1 characters`,
      'shipping_address: expected a string of at most 2000 characters, got nothing',
      'order_status: expected a string of at most 2000 characters, got nothing',
      'creation_date: expected a string of at most 2000 characters, got nothing',
    ]);
  });

  it('is told every bad field, though all are bad, in a text that has room in an attribute', () => {
    const all = ['order_id', 'customer_id', 'item', 'quantity', 'price', 'shipping_address'];
    const names = [...all, 'order_status', 'creation_date', 'occurred_at'];
    const body = Buffer.from(JSON.stringify(Object.fromEntries(names.map((name) => [name, ['x']]))));

    const error = errorOf(() => parseOrder(body));

    expect(error.split('; ').map((problem) => problem.split(':')[0])).toEqual(names);
    expect(toErrorText(error)).toBe(error);
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
    ['no JSON', 'SECRET', '6 bytes that are not JSON: something else at offset 0'],
    ['JSON twice', '{}{}', '4 bytes that are not JSON: more than one value, the second at offset 2'],
    ['JSON with NaN', '{"price": NaN}', '14 bytes that are not JSON: NaN at offset 10'],
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

  it('may be nested as deep as the limit', () => {
    const note = `${'['.repeat(99)}${']'.repeat(99)}`;

    expect(
      parseOrder(Buffer.concat([Buffer.from(`{"note":${note},`), orderBytes().subarray(1)])).order,
    ).toEqual(order());
  });

  it('says so when it is not UTF-8', () => {
    const latin1 = Buffer.from('{"item": "Größe"}', 'latin1');

    const error = errorOf(() => parseOrder(latin1));

    expect(error).toBe(
      'body: expected a JSON object in UTF-8, got 17 bytes that are not JSON: they are not UTF-8 text',
    );
  });

  it('is read after a byte order mark', () => {
    expect(parseOrder(Buffer.concat([Buffer.from('\ufeff'), orderBytes()])).order).toEqual(order());
  });

  it('is one byte over the limit, and none at the limit', () => {
    const atLimit = Buffer.concat([orderBytes(), Buffer.alloc(BODY_BYTES_MAX - orderBytes().length, ' ')]);
    const overLimit = Buffer.concat([atLimit, Buffer.from(' ')]);

    expect(parseOrder(atLimit).order).toEqual(order());
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

describe('the fields of a message', () => {
  const parse = { order: parseOrder, payment: parsePayment } as const;

  it.each(['order', 'payment'] as const)(
    'are those that are read, in the order of the problems: %s',
    (kind) => {
      const required = fieldsOf(kind).filter(({ isRequired }) => isRequired);

      const problems = required.map(({ name, allowed }) => `${name}: expected ${allowed}, got nothing`);
      expect(() => parse[kind](Buffer.from('{}'))).toThrow(expect.objectContaining({ problems }));
    },
  );

  it('say which may be left out, and which are numbers', () => {
    const fields = [...fieldsOf('order'), ...fieldsOf('payment')];
    const namesOf = (wanted: (field: (typeof fields)[number]) => boolean) =>
      new Set(fields.filter(wanted).map(({ name }) => name));

    expect(namesOf(({ isRequired }) => !isRequired)).toEqual(
      new Set(['customer_id', 'occurred_at', 'card_last_four']),
    );
    expect(namesOf(({ isNumber }) => isNumber)).toEqual(
      new Set(['order_id', 'customer_id', 'quantity', 'price', 'payment_id']),
    );
    expect(fieldsOf('order').map(({ name }) => name)).toEqual([
      'order_id',
      'customer_id',
      'item',
      'quantity',
      'price',
      'shipping_address',
      'order_status',
      'creation_date',
      'occurred_at',
    ]);
  });
});

describe('the ids of a body', () => {
  const subjectOf = (parse: () => unknown): unknown => {
    try {
      parse();
    } catch (error) {
      if (error instanceof MalformedBodyError) return error.subject;
      throw error;
    }
    throw new Error('expected a MalformedBodyError, got a result');
  };

  it.each([
    ['both, though another field is bad', paymentBytes({ card_last_four: '1' }), [1n, 1001n]],
    ['the one that is left', paymentBytes({ order_id: undefined }), [undefined, 1001n]],
    ['the other one', paymentBytes({ payment_id: '1.5' }), [1n, undefined]],
    ['none', Buffer.from('{}'), [undefined, undefined]],
  ] as const)('are kept with what is wrong: %s', (_what, body, [orderId, paymentId]) => {
    expect(subjectOf(() => parsePayment(body))).toEqual({ orderId, paymentId });
    expect(readSubject(body)).toEqual({ orderId, paymentId });
  });

  it('are read from a body that is an order', () => {
    expect(readSubject(orderBytes({ order_id: String(ID_MAX), price: 'null' }))).toEqual({ orderId: ID_MAX });
  });

  it.each([
    ['is not JSON', Buffer.from('SECRET')],
    ['is no object', Buffer.from('[]')],
    ['is empty', Buffer.from('')],
    ['is too large', Buffer.alloc(BODY_BYTES_MAX + 1, ' ')],
    ['is not UTF-8', Buffer.from([0xff])],
  ])('are none where the body %s', (_what, body) => {
    expect(readSubject(body)).toEqual({});
    expect(subjectOf(() => parseOrder(body))).toEqual({});
  });
});
