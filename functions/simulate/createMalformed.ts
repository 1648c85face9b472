import { type Message, toBytes } from './workload.ts';

/** The bytes of a malformed message contain its identity, so no two of them are equal. */
interface MalformedIdentity {
  readonly seed: number;
  /** Counts from 0 within the run. It also decides what is wrong with the message. */
  readonly index: number;
  /** An order of the run. Some kinds name it, but they never change it, because no consumer accepts them. */
  readonly orderId: number;
}

/** Creates a message that can never succeed (I7). The kinds take turns, so a large run has all of them. */
export const createMalformed = (identity: MalformedIdentity): Message => {
  const { topic, data } = KINDS[identity.index % KINDS.length] ?? KINDS[0];
  return { kind: 'malformed', topic, data: data(identity) };
};

/** Words separate the numbers, or the masking could take them for one card number (I8). */
const noteOf = ({ seed, index }: MalformedIdentity): string => `seed ${seed}, malformed message ${index}`;

type Kind = Pick<Message, 'topic'> & { readonly data: (identity: MalformedIdentity) => Uint8Array };

const order = (fault: object): Kind => ({
  topic: 'orders_data',
  data: (identity) =>
    toBytes({
      order_id: identity.orderId,
      customer_id: 1,
      item: 'Book',
      quantity: 1,
      price: 9.5,
      shipping_address: '1 High Street, Springfield',
      order_status: 'Pending',
      creation_date: '2026-01-01',
      ...fault,
      note: noteOf(identity),
    }),
});

const payment = (fault: object): Kind => ({
  topic: 'payments_data',
  data: (identity) =>
    toBytes({
      payment_id: identity.orderId,
      order_id: identity.orderId,
      payment_method: 'PayPal',
      card_last_four: '0000',
      payment_status: 'Completed',
      payment_datetime: '2026-01-01T12:00:00Z',
      ...fault,
      note: noteOf(identity),
    }),
});

const text = (topic: Message['topic'], toText: (note: string) => string): Kind => ({
  topic,
  data: (identity) => Buffer.from(toText(noteOf(identity))),
});

/** A field that is undefined here is missing in the message, because JSON.stringify leaves it out. */
const KINDS: readonly [Kind, ...Kind[]] = [
  order({ price: '9,50' }),
  payment({ order_id: null }),
  text('orders_data', (note) => note),
  text('payments_data', (note) => `{"payment_method":"PayPal","note":"${note}"`),
  order({ order_id: null }),
  payment({ payment_id: 1.5 }),
  order({ order_id: 1.5 }),
  payment({ card_last_four: '12a4' }),
  order({ item: undefined }),
  payment({ order_id: undefined }),
  order({ quantity: 0 }),
  payment({ card_last_four: 1234 }),
  text('orders_data', (note) => JSON.stringify([note])),
  text('payments_data', (note) => JSON.stringify({ note })),
  order({ price: -1 }),
  payment({ order_id: -1 }),
  {
    topic: 'orders_data',
    // No UTF-8 text contains the byte 0xff.
    data: (identity) => Buffer.concat([Buffer.from([0xff]), Buffer.from(noteOf(identity))]),
  },
  text('payments_data', (note) => JSON.stringify(note)),
];
