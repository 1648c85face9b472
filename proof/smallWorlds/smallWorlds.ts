import type { Topic } from '../../shared/topology.ts';
import { EPOCH_MS } from '../simulation/epochMs.ts';

// Nothing here uses the product's code. Each world says in its own words what must come of its messages.

/** The columns that a message sets, by name. */
export type Columns = Readonly<Record<string, bigint | number | string>>;

/** A message that a producer publishes. */
export interface WorldMessage {
  readonly topic: Topic;
  readonly kind: 'order' | 'payment' | 'invalid';
  readonly columns: Columns;
  /** When it was first published, and when its carrier was, in milliseconds since the epoch. */
  readonly publishedAtMs: number;
  readonly carriedAtMs: number;
  /** Pub/Sub's own attributes, for a copy that it forwarded. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface WorldSpec {
  readonly messages: readonly WorldMessage[];
  /** What people must be told in the end, in every interleaving. */
  readonly told: readonly string[];
  /** What may be told on the way, because some of the messages show it. All else would be false. */
  readonly mayBeTold: readonly string[];
  /** The version that the row shows in the end; undefined when either of two rivals may win. */
  readonly version: WorldMessage | undefined;
  /** The payment that the row shows in the end; undefined when there is no order or no payment. */
  readonly payment: WorldMessage | undefined;
  /**
   * Two versions of the very same write time may be mixed on a quorum until both are acked. No others may.
   */
  readonly mayMix: boolean;
  /** The most rows of a page; undefined when every read has one page, as most have. */
  readonly pageRows?: number;
  /** The most faults that are searched, 1 if left out. Four messages have too many states with a fault. */
  readonly faultsMax?: 0;
}

export const ORDER_ID = 1n;

const order = (columns: Columns = {}, publishedAtMs = EPOCH_MS): WorldMessage => ({
  topic: 'orders_data',
  kind: 'order',
  columns: {
    customer_id: 7n,
    item: 'lamp',
    quantity: 1n,
    price: 19.5,
    shipping_address: '1 Main Street',
    order_status: 'Pending',
    creation_date: '2024-01-21',
    ...columns,
  },
  publishedAtMs,
  carriedAtMs: publishedAtMs,
  attributes: {},
});

const payment = (columns: Columns = {}, publishedAtMs = EPOCH_MS + 5): WorldMessage => ({
  topic: 'payments_data',
  kind: 'payment',
  columns: {
    payment_id: 10n,
    payment_method: 'Card',
    card_last_four: '0001',
    payment_status: 'Completed',
    payment_datetime: '2024-01-21T500:01:30Z',
    ...columns,
  },
  publishedAtMs,
  carriedAtMs: publishedAtMs,
  attributes: {},
});

/** The message without a column that it may lack. */
const without = (column: string, message: WorldMessage): WorldMessage => ({
  ...message,
  columns: Object.fromEntries(Object.entries(message.columns).filter(([name]) => name !== column)),
});

/** The message as Pub/Sub forwards it to the dead-letter topic after too many attempts. */
const forwarded = (message: WorldMessage): WorldMessage => ({
  ...message,
  topic: 'dlq_payments_data',
  carriedAtMs: message.publishedAtMs + 60_000,
  attributes: {
    CloudPubSubDeadLetterSourceSubscription: 'payments_data-sub',
    CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishedAtMs).toISOString(),
  },
});

/** It has an id and nothing else. */
const INVALID: WorldMessage = { ...order(), kind: 'invalid', columns: {} };
const ORDER = order();
const CHANGED_ORDER = order(
  { customer_id: 8n, order_status: 'Shipped', shipping_address: '2 Side Street' },
  EPOCH_MS + 1,
);
const GUEST_ORDER = without('customer_id', order({ order_status: 'Shipped' }, EPOCH_MS + 1));
const PAYMENT = payment();
const SECOND_PAYMENT = payment({ payment_id: 11n, card_last_four: '0002' }, EPOCH_MS + 6);
const SECOND_PAYMENT_NO_CARD = without('card_last_four', SECOND_PAYMENT);
const THIRD_PAYMENT = payment({ payment_id: 12n, card_last_four: '0003' }, EPOCH_MS + 7);
const OTHER_CARD = payment({ card_last_four: '0002' }, EPOCH_MS + 6);
const PENDING = payment({ payment_status: 'Pending' });
const CAPTURED = payment({ payment_status: 'Captured' }, EPOCH_MS + 6);
const DECLINED = payment({ payment_id: 11n, payment_status: 'Declined' }, EPOCH_MS + 6);

/**
 * Two versions of one millisecond. Their items are chosen so that the hashes of the messages end in the same
 * two digits. So their write times are the very same, which happens to one such pair in a hundred.
 */
const SAME_TIME = order({ item: 'lamp' });
const SAME_TIME_GUEST = without('customer_id', order({ item: 'lamp 36', order_status: 'Cancelled' }));

const world = (
  messages: readonly WorldMessage[],
  rest: Partial<Omit<WorldSpec, 'messages'>> = {},
): WorldSpec => ({
  messages,
  told: [],
  mayBeTold: [],
  version: messages.findLast(({ kind }) => kind === 'order'),
  payment: messages.find(({ kind }) => kind === 'payment'),
  mayMix: false,
  ...rest,
});

/** The messages of each small world, and what must come of them. */
export const SMALL_WORLDS = {
  'an order and its payment': world([ORDER, PAYMENT], { mayBeTold: ['unmatched'] }),
  'an order and a message that nobody can read': world([ORDER, INVALID], {
    told: ['invalid'],
    mayBeTold: ['invalid'],
  }),
  'an order and a changed version': world([ORDER, CHANGED_ORDER]),
  'an order of a customer and then of a guest': world([ORDER, GUEST_ORDER]),
  'two versions of the very same write time': world([SAME_TIME, SAME_TIME_GUEST], {
    told: ['rivals'],
    mayBeTold: ['rivals'],
    version: undefined,
    mayMix: true,
  }),
  'two versions of one publish request': world(
    [ORDER, { ...CHANGED_ORDER, publishedAtMs: EPOCH_MS, carriedAtMs: EPOCH_MS }],
    {
      told: ['rivals'],
      mayBeTold: ['rivals'],
      version: undefined,
    },
  ),
  'an order and two payments': world([ORDER, PAYMENT, SECOND_PAYMENT], {
    told: ['conflict'],
    mayBeTold: ['unmatched', 'conflict'],
    payment: SECOND_PAYMENT,
  }),
  'an order and two payments, one without a card': world([ORDER, PAYMENT, SECOND_PAYMENT_NO_CARD], {
    told: ['conflict'],
    mayBeTold: ['unmatched', 'conflict'],
    payment: SECOND_PAYMENT_NO_CARD,
  }),
  'an order and two payments, one forwarded': world([ORDER, PAYMENT, forwarded(SECOND_PAYMENT)], {
    told: ['conflict'],
    mayBeTold: ['unmatched', 'conflict'],
    payment: SECOND_PAYMENT,
  }),
  'an order and a payment whose status moves': world([ORDER, PENDING, CAPTURED], {
    mayBeTold: ['unmatched'],
    payment: CAPTURED,
  }),
  'an order and a payment with contradicting contents': world([ORDER, PAYMENT, OTHER_CARD], {
    told: ['changed'],
    mayBeTold: ['unmatched', 'changed'],
    payment: OTHER_CARD,
  }),
  'an order, a payment and a declined one': world([ORDER, PAYMENT, DECLINED], {
    mayBeTold: ['unmatched'],
  }),
  'two versions of the very same write time, and a payment': world([SAME_TIME, SAME_TIME_GUEST, PAYMENT], {
    told: ['rivals'],
    mayBeTold: ['unmatched', 'rivals'],
    version: undefined,
    mayMix: true,
  }),
  'an order and its payment, in pages of one row': world([ORDER, PAYMENT], {
    mayBeTold: ['unmatched'],
    pageRows: 1,
  }),
  'an order, a changed version and a payment, in pages of one row': world([ORDER, CHANGED_ORDER, PAYMENT], {
    mayBeTold: ['unmatched'],
    pageRows: 1,
  }),
  'an order and two payments, in pages of one row': world([ORDER, PAYMENT, SECOND_PAYMENT], {
    told: ['conflict'],
    mayBeTold: ['unmatched', 'conflict'],
    payment: SECOND_PAYMENT,
    pageRows: 1,
  }),
  'an order, a changed version and two payments': world([ORDER, CHANGED_ORDER, PAYMENT, SECOND_PAYMENT], {
    told: ['conflict'],
    mayBeTold: ['unmatched', 'conflict'],
    payment: SECOND_PAYMENT,
    faultsMax: 0,
  }),
  'three payments without their order': world([PAYMENT, SECOND_PAYMENT, THIRD_PAYMENT], {
    told: ['conflict', 'unmatched'],
    mayBeTold: ['unmatched', 'conflict'],
    payment: undefined,
  }),
  'an order, a changed version and a payment': world([ORDER, CHANGED_ORDER, PAYMENT], {
    mayBeTold: ['unmatched'],
  }),
} satisfies Readonly<Record<string, WorldSpec>>;

export type SmallWorldName = keyof typeof SMALL_WORLDS;
export const SMALL_WORLD_NAMES = Object.keys(SMALL_WORLDS) as SmallWorldName[];
