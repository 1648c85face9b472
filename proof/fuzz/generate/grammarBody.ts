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

type FieldKind = 'id' | 'text' | 'quantity' | 'price' | 'lastFour';

const FIELDS: Readonly<Record<MessageKind, Readonly<Record<string, FieldKind>>>> = {
  order: {
    order_id: 'id',
    customer_id: 'id',
    item: 'text',
    quantity: 'quantity',
    price: 'price',
    shipping_address: 'text',
    order_status: 'text',
    creation_date: 'text',
  },
  payment: {
    payment_id: 'id',
    order_id: 'id',
    payment_method: 'text',
    card_last_four: 'lastFour',
    payment_status: 'text',
    payment_datetime: 'text',
  },
};

/** JSON texts that are valid for each kind of field. */
const GOOD: Readonly<Record<FieldKind, readonly [string, ...string[]]>> = {
  id: [
    '1',
    '0',
    '80',
    '"81"',
    '"0000000000000000000000000007"',
    '9223372036854775807',
    '"9007199254740993"',
    '9007199254740993',
  ],
  text: [
    '"Laptop"',
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"caf\u00e9 \u{1f4b3}"',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"1.5"',
  ],
  quantity: ['1', '10', '9223372036854775807'],
  price: ['0', '-0', '457.0966360351904', '1e-400', '1.7976931348623157e308', '100E+2', '12'],
  lastFour: ['"0001"', '"9999"', '"\\u0030000"'],
};

/** JSON texts that are invalid for each kind of field. */
const BAD: Readonly<Record<FieldKind, readonly [string, ...string[]]>> = {
  id: [
    '-1',
    '-0',
    '1.5',
    '1e3',
    '1.0',
    'null',
    'true',
    '""',
    '" 1"',
    '"1e3"',
    '"\u0661"',
    '9223372036854775808',
    '[1]',
    '{}',
    '"0x1"',
    '[]',
  ],
  text: ['1', 'null', 'false', '["a"]', '{"toString":"a"}', '{}', '0.5'],
  quantity: ['0', '-1', '1.5', '1e1', '"1"', 'null', '9223372036854775808', '[1]', 'true'],
  price: ['-1', '-5e-324', '1e309', '"12.5"', 'null', '{"valueOf":1}', '[1]', 'true'],
  lastFour: ['"123"', '"12345"', '1234', '"12a4"', '"\uff11234"', '"1234\\n"', 'null', '["1234"]', '""'],
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
  const fault = random.integer(0, 11);
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
  if (fault === 7)
    return finish('a field is missing', fields.toSpliced(at, 1).concat(extras), 'invalid', random);
  // The last of two equal keys counts, in JSON.parse and in Tally.
  if (fault === 8) return finish('twice, good last', [[name, bad], ...fields, ...extras], 'valid', random);
  if (fault === 9) return finish('twice, bad last', [...fields, ...extras, [name, bad]], 'invalid', random);
  if (fault === 10) {
    const wrapped = replaced(fields, at, [name, `{"${name}":${source}}`]);
    return finish('a field in itself', wrapped, 'invalid', random);
  }
  return finish('another spelling', replaced(fields, at, [` ${name}`, source]), 'invalid', random);
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
  if (type === 'text')
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
