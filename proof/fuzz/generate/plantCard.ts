import { gzipSync } from 'node:zlib';
import type { Random } from '../../../functions/simulate/random.ts';
import type { PushRequest } from '../../../shared/messaging/pushEndpoint.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';
import { ATTRIBUTE_NAMES } from './attributeNames.ts';
import { type JsonFields, orderBytes, paymentBytes } from '../../referenceMessages.ts';

/** A card number, as a person writes it, and its digits only. */
export interface Card {
  readonly written: string;
  readonly digits: string;
}

export interface Planted {
  readonly where: string;
  readonly consumer: ConsumerFunction;
  readonly request: PushRequest & { readonly rawBody: Buffer };
}

const ORDER_TEXTS = ['item', 'shipping_address', 'order_status', 'creation_date', 'occurred_at'] as const;
const PAYMENT_TEXTS = ['payment_method', 'payment_status', 'payment_datetime', 'occurred_at'] as const;
const FIELDS = {
  order: [
    'order_id',
    'customer_id',
    'item',
    'quantity',
    'price',
    'shipping_address',
    'order_status',
    'creation_date',
    'occurred_at',
  ],
  payment: [
    'payment_id',
    'order_id',
    'payment_method',
    'card_last_four',
    'payment_status',
    'payment_datetime',
    'occurred_at',
  ],
} as const;
const ATTRIBUTES = [...ATTRIBUTE_NAMES, 'note'] as const;

type Kind = 'order' | 'payment';

const SUBSCRIPTION: Readonly<Record<Kind, Readonly<Record<ConsumerFunction, string>>>> = {
  order: { onOrder: 'orders_data-sub', onPayment: 'payments_data-sub', onDlq: 'dlq_orders_data-sub' },
  payment: { onOrder: 'orders_data-sub', onPayment: 'payments_data-sub', onDlq: 'dlq_payments_data-sub' },
};

const textsWith = ({ written, digits }: Card): readonly [string, ...string[]] => [
  written,
  digits,
  `card ${written}, please`,
  `Ref00017 ${written}`,
  `Café_0017 ${written}`,
  `order #100017 ${written}`,
  `x${written}y${written}`,
];

/**
 * A request with a card number somewhere in it. The place is not an id and not a time, so it must be masked.
 */
export const plantCard = (card: Card, random: Random): Planted => {
  const kind = random.pick<Kind>(['order', 'payment']);
  const consumer = random.pick<ConsumerFunction>([kind === 'order' ? 'onOrder' : 'onPayment', 'onDlq']);
  const text = random.pick(textsWith(card));
  const push = (
    where: string,
    data: Buffer,
    message: object = {},
    body: object = {},
    headers: PushRequest['headers'] = {},
    method = 'POST',
  ): Planted => ({
    where: `${where} of a ${kind} to ${consumer}`,
    consumer,
    request: { method, headers, rawBody: envelope(SUBSCRIPTION[kind][consumer], data, message, body) },
  });
  const bytes = (fields: JsonFields = {}): Buffer =>
    kind === 'order' ? orderBytes(fields) : paymentBytes(fields);
  const whole = bytes();
  const bad = bytes({ order_id: 'null' });
  const any = random.pick([whole, bad]);
  const name = random.pick<string>(
    kind === 'order'
      ? ([...FIELDS.order] as [string, ...string[]])
      : ([...FIELDS.payment] as [string, ...string[]]),
  );
  const written = quote(wordy(name, text, card), random);
  const textName = random.pick<string>(kind === 'order' ? [...ORDER_TEXTS] : [...PAYMENT_TEXTS]);

  switch (random.integer(0, 17)) {
    case 0:
    case 1:
      return push(`the field ${name}`, bytes({ [name]: written }));
    case 2:
      return push(`the field ${textName}, as a number`, bytes({ [textName]: number(card, random) }));
    case 3:
      return push('an unknown field', plantExtra(any, quote(text, random), number(card, random), random));
    case 4:
      return push('a body that is not JSON', notJson(any, text, card, random));
    case 5:
      return push('a packed body', gzipSync(bytes({ [name]: written })), {
        attributes: { tally_body_encoding: 'gzip' },
      });
    case 6:
    case 7: {
      const attribute = random.pick<string>([...ATTRIBUTES]);
      const value = attributeValue(attribute, card, text, random);
      return push(`the attribute ${attribute}`, any, {
        attributes: { ...reportsWith(card, text, random), [attribute]: value },
      });
    }
    case 8:
      return push('an attribute’s name', any, {
        attributes: { [`${'x'.repeat(random.integer(0, 260))}${text}`]: random.pick<unknown>(['', 1]) },
      });
    case 9: {
      const long = `${'x'.repeat(random.integer(150, 260))}${card.digits}${'1'.repeat(random.integer(0, 8))}`;
      return push('an attribute’s name, where an error text is cut', any, { attributes: { [long]: 1 } });
    }
    case 10:
      return push('a message id', any, {
        [random.pick(['messageId', 'message_id'])]: random.pick([
          `x${card.written.replaceAll(/[^0-9]+/gu, '-')}`,
          `x${card.digits}`,
          `${text} `,
        ]),
      });
    case 11:
      return push(
        'the subscription',
        any,
        {},
        {
          subscription: random.pick([
            text,
            `projects/${text}/subscriptions/${SUBSCRIPTION[kind][consumer]}`,
            `projects/p/subscriptions/${text}`,
          ]),
        },
      );
    case 12:
      return push(
        'the delivery attempt',
        any,
        {},
        { deliveryAttempt: random.pick<unknown>([Number(card.digits), text]) },
      );
    case 13:
      return push('traceparent', any, {}, {}, { traceparent: traceparent(card, text, random) });
    case 14:
      return push('the method', any, {}, {}, {}, text);
    case 15:
      return push('invalid base64', any, {
        data: random.pick([text, `${text}=`, card.digits.padEnd(20, '=')]),
      });
    case 16:
      return push('the publish time', any, { publishTime: text, publish_time: text });
    default:
      return push('the envelope', any, { orderingKey: text, [text]: text }, { [text]: text, '@type': text });
  }
};

const attributeValue = (name: string, card: Card, text: string, random: Random): string => {
  if (name.endsWith('traceparent')) return traceparent(card, text, random);
  // A message id of digits only is Pub/Sub's own, and is not masked.
  return name === 'tally_origin_message_id' ? `x${text}` : text;
};

/** The attributes of a dead letter. The error of a finding has the card number, perhaps where it is cut. */
const reportsWith = ({ digits }: Card, text: string, random: Random): object => {
  const error = random.pick([text, `${'x'.repeat(random.integer(440, 510))}${digits}`]);
  const finding = JSON.stringify({ id: '0a'.repeat(16), since: '2024-01-21T10:00:00Z', error });
  return random.pick<object>([
    {},
    { tally_reason: 'invalid' },
    { tally_reason: 'unmatched' },
    { tally_reason: 'unmatched,conflict', tally_finding_conflict: finding },
    { tally_reason: 'rivals', tally_finding_rivals: finding },
  ]);
};

/** Digits only are a valid id. With a word beside them the field is a text, which must be masked. */
const wordy = (name: string, text: string, card: Card): string =>
  name.endsWith('_id') && /^[0-9]+$/.test(text) ? `card ${card.digits}` : text;

/** A JSON text, with every character escaped or none. */
const quote = (text: string, random: Random): string =>
  random.chance(0.25) ? `"${text.split('').map(escapeUnit).join('')}"` : JSON.stringify(text);

const escapeUnit = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const number = ({ digits }: Card, random: Random): string =>
  random.pick([digits, `-${digits}`, `${digits}.0`, `${digits}e0`, `0.${digits}`, `-1.${digits}E-2`]);

const plantExtra = (data: Buffer, written: string, token: string, random: Random): Buffer => {
  const extra = random.pick([
    `"note":${written}`,
    `"note":${token}`,
    `"note":[[${written},${token}]]`,
    `"note":{"a":{"order_id":{"b":${written}}}}`,
    `${written}:1`,
    `"note":{${written}:${token}}`,
    `"order_id2":${token}`,
  ]);
  return Buffer.from(`${data.toString().slice(0, -1)},${extra}}`);
};

const notJson = (data: Buffer, text: string, card: Card, random: Random): Buffer =>
  random.pick([
    Buffer.from(text),
    Buffer.from(`${data.toString()},"note":"${text}"`),
    Buffer.from(`{"note":"${text}"`),
    Buffer.from(`\ufeff{"note":"${text}"}`),
    Buffer.from(`{'note':'${text}'}`),
    Buffer.from(`<card>${text}</card>`),
    Buffer.from(`number,${card.written}\r\nnext,${card.digits}\r\n`),
    Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
    Buffer.concat([Buffer.from([0xc3]), Buffer.from(`{"note":"${text}"}`)]),
    Buffer.from(text, 'latin1'),
  ]);

const traceparent = ({ digits }: Card, text: string, random: Random): string =>
  random.pick([
    text,
    `00-0af7651916cd43dd8448eb211c80319c-${digits.slice(0, 16).padStart(16, 'a')}-01`,
    `00-${digits.padStart(32, 'a')}-b7ad6b7169203331-01`,
    `00-${digits.padEnd(32, 'b')}-b7ad6b7169203331-01`,
  ]);

const envelope = (subscription: string, data: Buffer, message: object, body: object): Buffer =>
  Buffer.from(
    JSON.stringify({
      subscription: `projects/p/subscriptions/${subscription}`,
      message: {
        data: data.toString('base64'),
        messageId: '7001',
        message_id: '7001',
        publishTime: '2024-01-21T10:00:00.123Z',
        ...message,
      },
      ...body,
    }),
  );
