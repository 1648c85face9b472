import type { Random } from '../../functions/simulate/random.ts';
import type { InputTopic } from '../../shared/topology.ts';
import type { CqlValue } from './cassandra/values.ts';
import type { Meaning } from './statusWords.ts';

/** The columns that a message fills, by their names. A column without a value is unset. */
type Columns = Readonly<Record<string, CqlValue | undefined>>;

interface Timed {
  readonly orderId: bigint;
  /** The producer's own time, in milliseconds since the epoch. */
  readonly occurredAtMs: number | undefined;
  readonly columns: Columns;
}

export interface SaidOrder extends Timed {
  readonly kind: 'order';
}

export interface SaidPayment extends Timed {
  readonly kind: 'payment';
  readonly paymentId: bigint;
  readonly means: Meaning;
  /** Another payment beside it is normal. */
  readonly paysPart: boolean;
}

/** What a body says. The generator of the body knows it; nobody reads it from the bytes. */
export type Said = SaidOrder | SaidPayment | { readonly kind: 'invalid' };

/** A body, and its bytes with card numbers masked (I8). */
export interface Body {
  readonly label: string;
  readonly topic: InputTopic;
  readonly bytes: Uint8Array;
  readonly masked: Uint8Array;
  readonly said: Said;
}

export const CARD = '4111-1111-1111-1111';
const MASKED_CARD = '****-****-****-1111';
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

export const drawText = (random: Random): string => random.pick(TEXTS);

interface OrderChoice {
  readonly orderId: bigint;
  /** Two variants have different contents. */
  readonly variant: number;
  readonly text: string;
  readonly isGuest?: boolean | undefined;
  readonly occurredAtMs?: number | undefined;
  /** A field that nobody reads. It makes other bytes of the same contents. */
  readonly filler?: number | undefined;
}

/** How an unset field is written. */
const UNSET: readonly (string | undefined)[] = [undefined, 'null', '""'];

export const orderOf = (choice: OrderChoice): Body => {
  const { orderId, variant, text, isGuest = false, occurredAtMs, filler } = choice;
  const customer = isGuest ? UNSET[variant % UNSET.length] : `${variant}`;
  return {
    label: `order ${orderId}, variant ${variant}${isGuest ? ' of a guest' : ''}`,
    topic: 'orders_data',
    ...bytesOf({
      order_id: idOf(orderId, variant),
      customer_id: customer,
      item: JSON.stringify(text),
      quantity: `${4 - variant}`,
      price: `${variant + 0.5}`,
      shipping_address: JSON.stringify(`street ${3 - variant}`),
      order_status: '"Shipped"',
      creation_date: '"2024-01-21"',
      occurred_at: timeOf(occurredAtMs, variant),
      filler: filler === undefined ? undefined : `${filler}`,
    }),
    said: {
      kind: 'order',
      orderId,
      occurredAtMs,
      columns: {
        customer_id: isGuest ? undefined : BigInt(variant),
        item: masked(text),
        quantity: BigInt(4 - variant),
        price: variant + 0.5,
        shipping_address: `street ${3 - variant}`,
        order_status: 'Shipped',
        creation_date: '2024-01-21',
      },
    },
  };
};

interface PaymentChoice {
  readonly orderId: bigint;
  readonly paymentId: bigint;
  readonly method: string;
  readonly paysPart?: boolean | undefined;
  /** Undefined for a payment without a card. */
  readonly card: string | undefined;
  readonly status: string;
  readonly means: Meaning;
  readonly datetime?: string | undefined;
  readonly occurredAtMs?: number | undefined;
  /** It writes the same contents in several ways. */
  readonly spelling?: number | undefined;
}

export const paymentOf = (choice: PaymentChoice): Body => {
  const { orderId, paymentId, method, paysPart = false, card, status, means, occurredAtMs } = choice;
  const { datetime = '2024-01-21T500:01:30Z', spelling = 0 } = choice;
  return {
    label: `payment ${paymentId} of order ${orderId}: ${status} by ${method}, card ${card ?? 'unset'}`,
    topic: 'payments_data',
    ...bytesOf({
      payment_id: idOf(paymentId, spelling),
      order_id: `${orderId}`,
      payment_method: JSON.stringify(method),
      card_last_four: card === undefined ? UNSET[spelling % UNSET.length] : `"${card}"`,
      payment_status: JSON.stringify(status),
      payment_datetime: JSON.stringify(datetime),
      occurred_at: timeOf(occurredAtMs, spelling),
    }),
    said: {
      kind: 'payment',
      orderId,
      paymentId,
      means,
      paysPart,
      occurredAtMs,
      columns: {
        payment_method: masked(method),
        card_last_four: card,
        payment_status: masked(status),
        payment_datetime: masked(datetime),
      },
    },
  };
};

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
    said: { kind: 'invalid' },
  };
};

const masked = (text: string): string => text.replace(CARD, MASKED_CARD);

/** An id as a number, as a text of digits, or as pandas writes it. All are the same id in other bytes. */
const idOf = (id: bigint, spelling: number): string =>
  [`${id}`, `"${id}"`, `${id}.0`][spelling % 3] ?? `${id}`;

/** A time in milliseconds, as a text of digits, or in RFC 3339. */
const timeOf = (timeMs: number | undefined, spelling: number): string | undefined => {
  if (timeMs === undefined) return UNSET[spelling % UNSET.length];
  return [`${timeMs}`, `"${timeMs}"`, JSON.stringify(new Date(timeMs).toISOString())][spelling % 3];
};

const bytesOf = (fields: Readonly<Record<string, string | undefined>>): Pick<Body, 'bytes' | 'masked'> => {
  let text = '{';
  for (const name of Object.keys(fields)) {
    if (fields[name] !== undefined) text += `${text === '{' ? '' : ','}"${name}":${fields[name]}`;
  }
  const bytes = Buffer.from(`${text}}`);
  const left = masked(text);
  return { bytes, masked: left === text ? bytes : Buffer.from(`${left}}`) };
};
