import type { Random } from '../../../functions/simulate/random.ts';
import { hostileText } from './hostileText.ts';

/** Whether a body is valid, known from how it was made; undefined when only a judge can tell. */
export type Label = 'valid' | 'invalid' | undefined;

export interface MadeBody {
  readonly how: string;
  readonly data: Buffer;
  readonly label: Label;
}

export type MessageKind = 'order' | 'payment';

type FieldKind =
  'id' | 'customer' | 'text' | 'quantity' | 'price' | 'lastFour' | 'method' | 'status' | 'time';

/** Kinds of fields that a message may lack. */
const OPTIONAL: readonly FieldKind[] = ['customer', 'lastFour', 'time'];

const FIELDS: Readonly<Record<MessageKind, Readonly<Record<string, FieldKind>>>> = {
  order: {
    order_id: 'id',
    customer_id: 'customer',
    item: 'text',
    quantity: 'quantity',
    price: 'price',
    shipping_address: 'text',
    order_status: 'text',
    creation_date: 'text',
    occurred_at: 'time',
  },
  payment: {
    payment_id: 'id',
    order_id: 'id',
    payment_method: 'method',
    card_last_four: 'lastFour',
    payment_status: 'status',
    payment_datetime: 'text',
    occurred_at: 'time',
  },
};

const GOOD_IDS = [
  '1',
  '0',
  '80',
  '"81"',
  '"0000000000000000000000000007"',
  '9223372036854775807',
  '"9007199254740993"',
  '9007199254740993',
  '7502.0',
  '81.000',
] as const;

/** JSON texts that are valid for each kind of field. */
const GOOD: Readonly<Record<FieldKind, readonly [string, ...string[]]>> = {
  id: GOOD_IDS,
  customer: [...GOOD_IDS, 'null', '""'],
  text: [
    '"Laptop"',
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"caf\u00e9 \u{1f4b3}"',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"1.5"',
  ],
  quantity: ['1', '10', '9223372036854775807', '"3"', '"0004"', '1.0', '2.00'],
  price: [
    '0',
    '-0',
    '457.0966360351904',
    '1e-400',
    '1.7976931348623157e308',
    '100E+2',
    '12',
    '"403.00"',
    '"12"',
    '"007.5"',
    '"0.0"',
  ],
  lastFour: ['"0001"', '"9999"', '"\\u0030000"', 'null', '""'],
  method: ['"Credit Card"', '"Gift_Card"', '"STORE credit"', '"voucher"', '"Apple Pay"', '"giftcard "', '""'],
  status: [
    '"Completed"',
    '"CAPTURED"',
    '"partially_refunded"',
    '"Refunded"',
    '"authorized"',
    '"requires-action"',
    '"Declined"',
    '"cancelled"',
    '"on hold"',
    '"under review"',
    '""',
  ],
  time: [
    'null',
    '""',
    '1705831200123',
    '1705831200123.0',
    '"1705831200123"',
    '946684800000',
    // These have the check digit of a card number, as one time in ten has.
    '1705831200129',
    '"1795894499841"',
    '"2024-01-21T10:00:00Z"',
    '"2024-01-21t09:59:59.999999999z"',
    '"2024-01-21T12:30:00.5+02:30"',
    '"2024-01-21T10:04:59Z"',
    // Five minutes and more after the publish: the time is valid, and it is not believed.
    '"2024-01-21T10:05:01Z"',
    '"9999-12-28T23:59:59Z"',
    '1805831200123',
  ],
};

const BAD_IDS = [
  '-1',
  '-0',
  '1.5',
  '1e3',
  '1.0e0',
  '-1.0',
  '"7502.0"',
  'true',
  '" 1"',
  '"1e3"',
  '"\u0661"',
  '9223372036854775808',
  '[1]',
  '{}',
  '"0x1"',
  '[]',
] as const;
const BAD_TEXTS = ['1', 'null', 'false', '["a"]', '{"toString":"a"}', '{}', '0.5'] as const;

/** JSON texts that are invalid for each kind of field. */
const BAD: Readonly<Record<FieldKind, readonly [string, ...string[]]>> = {
  id: [...BAD_IDS, 'null', '""'],
  customer: BAD_IDS,
  text: BAD_TEXTS,
  quantity: [
    '0',
    '-1',
    '1.5',
    '1e1',
    '"1.0"',
    '"0"',
    '"-1"',
    '""',
    'null',
    '9223372036854775808',
    '[1]',
    'true',
  ],
  price: [
    '-1',
    '-5e-324',
    '1e309',
    '"1,403.00"',
    '"NaN"',
    '"-1"',
    '".5"',
    '"5."',
    '"1e3"',
    '" 1"',
    '""',
    'null',
    '[1]',
  ],
  lastFour: ['"123"', '"12345"', '1234', '"12a4"', '"\uff11234"', '"1234\\n"', '["1234"]', '" "', 'false'],
  method: BAD_TEXTS,
  status: BAD_TEXTS,
  time: [
    '0',
    '1705831200',
    '"1705831200"',
    '-1',
    '1.5',
    '1e12',
    '"yesterday"',
    '"2024-01-21"',
    '"1999-12-28T23:59:59Z"',
    '"2024-13-01T00:00:00Z"',
    '8640000000000001',
    'true',
    '[]',
    '{}',
  ],
};

const EXTRA_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'note',
  '',
  '0',
  '4294967295',
  'length',
];
const EXTRA_VALUES = [
  '1',
  'null',
  '{}',
  '[]',
  '"x"',
  '{"polluted":true}',
  '{"__proto__":{"polluted":true}}',
  '{"prototype":{"polluted":1}}',
  '1e999',
  '-0.0',
  '[[[[]]]]',
];

/** A body by the grammar of orders and payments: whole, or with one known fault. */
export const grammarBody = (kind: MessageKind, random: Random): MadeBody => {
  const fields = Object.entries(FIELDS[kind]).map(([name, type]): [string, string] => [
    name,
    random.chance(0.3) && type === 'text' ? goodText(random) : random.pick(GOOD[type]),
  ]);
  const fault = random.integer(0, 12);
  const at = random.integer(0, fields.length - 1);
  const [name, source] = fields[at] ?? ['', ''];
  const type = FIELDS[kind][name] ?? 'text';
  const bad = random.chance(ENORMOUS_SHARE) ? enormous(type, random) : random.pick(BAD[type]);
  const extras = Array.from({ length: random.integer(0, 2) }, (): [string, string] => [
    random.chance(0.5) ? random.pick(['__proto__', ...EXTRA_KEYS]) : `x${hostileText(random)}`,
    random.chance(0.7) ? random.pick(['0', ...EXTRA_VALUES]) : JSON.stringify(hostileText(random)),
  ]);

  if (fault <= 1) return finish('whole', [...extras, ...fields], 'valid', random);
  if (fault <= 6)
    return finish('one bad field', replaced(fields, at, [name, bad]).concat(extras), 'invalid', random);
  const ifMissing = OPTIONAL.includes(type) ? 'valid' : 'invalid';
  if (fault === 7)
    return finish('a field is missing', fields.toSpliced(at, 1).concat(extras), ifMissing, random);
  // The last of two equal keys counts, in JSON.parse and in Tally.
  if (fault === 8) return finish('twice, good last', [[name, bad], ...fields, ...extras], 'valid', random);
  if (fault === 9) return finish('twice, bad last', [...fields, ...extras, [name, bad]], 'invalid', random);
  if (fault === 10) {
    const wrapped = replaced(fields, at, [name, `{"${name}":${source}}`]);
    return finish('a field in itself', wrapped, 'invalid', random);
  }
  if (fault === 11) {
    const all = fields.map(([each]): [string, string] => [
      each,
      random.pick(BAD[FIELDS[kind][each] ?? 'text']),
    ]);
    return finish('every field is bad', all, 'invalid', random);
  }
  return finish('another spelling', replaced(fields, at, [` ${name}`, source]), ifMissing, random);
};

type Members = readonly (readonly [name: string, source: string])[];

const replaced = (list: Members, at: number, element: Members[number]): Members => list.with(at, element);

/** A hostile text within the length limit of a text field. */
const goodText = (random: Random): string => JSON.stringify(hostileText(random).slice(0, 2_000));

/**
 * The share of enormous values is small, because a hundred thousand digits cost as much time as a hundred
 * bodies.
 */
const ENORMOUS_SHARE = 0.02;

/** A value far beyond every limit. */
const enormous = (type: FieldKind, random: Random): string => {
  const length = random.pick([2_001, 20_000, 100_000]);
  if (type === 'text' || type === 'method' || type === 'status')
    return random.pick([`"${'x'.repeat(length)}"`, `[${'[],'.repeat(500)}[]]`, '7'.repeat(length)]);
  return random.pick([
    `1${'0'.repeat(length)}`,
    `"${'9'.repeat(length)}"`,
    `-${'8'.repeat(length)}`,
    `"${' '.repeat(length)}1"`,
  ]);
};

const finish = (how: string, fields: Members, label: Label, random: Random): MadeBody => {
  const space = random.pick(['', ' ', '\n\t', '']);
  const members = fields.map(([name, source]) => `${spell(name, random)}${space}:${space}${source}`);
  return { how, label, data: Buffer.from(`${space}{${members.join(`${space},${space}`)}}${space}`) };
};

/** The JSON text of a key. A few keys are written with an escape. */
const spell = (name: string, random: Random): string =>
  random.chance(0.05) && name.length > 0
    ? `"\\u${name.charCodeAt(0).toString(16).padStart(4, '0')}${JSON.stringify(name.slice(1)).slice(1)}`
    : JSON.stringify(name);
