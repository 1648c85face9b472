import type { Random } from '../../functions/simulate/random.ts';
import type { InputTopic } from '../../shared/topology.ts';
import type { Content } from './oracle.ts';

/** A body with its content, and its bytes with card numbers masked (I8). */
export interface Body {
  readonly label: string;
  readonly topic: InputTopic;
  readonly bytes: Uint8Array;
  readonly masked: Uint8Array;
  readonly content: Content;
}

const CARD = '4111 1111-1111 1111';
const MASKED_CARD = '**** ****-**** 1111';
/**
 * Texts that test the merge of cells. One is the beginning of another, and two are sorted the other way round
 * by their UTF-16 units than by their bytes. One has a quote.
 */
const TEXTS: readonly [string, ...string[]] = [
  'a',
  'ab',
  'é',
  '\u{fffd}',
  '\u{1f600}',
  '"',
  `card ${CARD}`,
  '',
];

export interface Choice {
  readonly orderId: bigint;
  /** Two variants of an order or a payment have different contents. */
  readonly variant: number;
  readonly text: string;
}

export const drawText = (random: Random): string => random.pick(TEXTS);

export const orderOf = ({ orderId, variant, text }: Choice): Body => {
  const fields = {
    customer_id: `${variant}`,
    item: JSON.stringify(text),
    quantity: `${variant + 1}`,
    price: `${variant + 0.5}`,
    shipping_address: JSON.stringify(`street ${variant}`),
    order_status: '"Shipped"',
    creation_date: '"2024-01-21"',
  };
  return {
    label: `order ${orderId}, variant ${variant}`,
    topic: 'orders_data',
    ...bytesOf({ order_id: idOf(orderId, variant), ...fields }),
    content: {
      kind: 'order',
      orderId,
      columns: {
        customer_id: BigInt(variant),
        item: masked(text),
        quantity: BigInt(variant + 1),
        price: variant + 0.5,
        shipping_address: `street ${variant}`,
        order_status: 'Shipped',
        creation_date: '2024-01-21',
      },
    },
  };
};

export const paymentOf = ({ orderId, variant, text }: Choice, paymentId: bigint): Body => ({
  label: `payment ${paymentId} of order ${orderId}, variant ${variant}`,
  topic: 'payments_data',
  ...bytesOf({
    payment_id: idOf(paymentId, variant),
    order_id: `${orderId}`,
    payment_method: JSON.stringify(text),
    card_last_four: `"000${variant}"`,
    payment_status: '"Completed"',
    payment_datetime: '"2024-01-21T500:01:30Z"',
  }),
  content: {
    kind: 'payment',
    orderId,
    paymentId,
    columns: {
      payment_method: masked(text),
      card_last_four: `000${variant}`,
      payment_status: 'Completed',
      payment_datetime: '2024-01-21T500:01:30Z',
    },
  },
});

/** Bodies that are invalid on both topics. */
const INVALID: readonly [string, ...string[]] = [
  '',
  '{',
  '[]',
  '{"order_id": 1}',
  '{"order_id": 1.5, "payment_id": null}',
  `{"note": "${CARD}"}`,
  `not JSON, with ${CARD}`,
];

export const invalidOf = (topic: InputTopic, random: Random): Body => {
  const body = random.pick(INVALID);
  return {
    label: `an invalid body of ${body.length} characters`,
    topic,
    bytes: Buffer.from(body),
    masked: Buffer.from(masked(body)),
    content: { kind: 'invalid' },
  };
};

const masked = (text: string): string => text.replace(CARD, MASKED_CARD);

/** An id as a number or as a string of digits. Both are the same id, and their bytes are different events. */
const idOf = (id: bigint, variant: number): string => (variant % 2 === 0 ? `${id}` : `"${id}"`);

const bytesOf = (fields: Readonly<Record<string, string>>): Pick<Body, 'bytes' | 'masked'> => {
  let text = '{';
  for (const name of Object.keys(fields)) text += `${text === '{' ? '' : ','}"${name}":${fields[name]}`;
  const bytes = Buffer.from(`${text}}`);
  const left = masked(text);
  return { bytes, masked: left === text ? bytes : Buffer.from(`${left}}`) };
};
