import type { InputTopic } from '../../shared/topology.ts';
import type { Said, SaidOrder, SaidPayment } from './body.ts';
import { BEST_FIRST, LIFE } from './statusWords.ts';

// The oracle is written from the promises. It uses no code and no formula of the product: no fold, no write
// time, no id. It knows what the traffic sent, and says in its own words what a person must find.

export const FACTS = 'orders_payments_facts';
export const LEDGER = 'ledger_by_order';
export const DEAD_LETTERS = 'dead_letters';
export const PLACES = 'dead_letters_by_order';

/**
 * Two of three replicas. What one quorum has, every other quorum sees, because two quorums share a replica.
 */
export const QUORUM = 2;

/** A message is a topic, its first publish time and its bytes. Several carriers may bring it. */
export interface Message<Kind extends Said = Said> {
  /** A name for people. */
  readonly label: string;
  readonly origin: InputTopic;
  /** When it was first published, in milliseconds since the epoch. */
  readonly publishedAtMs: number;
  /** The bytes with card numbers masked. */
  readonly body: Uint8Array;
  readonly isRedacted: boolean;
  readonly said: Kind;
  /** The message ids and the redrive counts that its carriers claim. */
  readonly claimedIds: ReadonlySet<string>;
  readonly claimedRedrives: ReadonlySet<number>;
}

/** An operator takes a person's data away from everything that was published up to a time. */
export interface Erasure {
  readonly orderId: bigint;
  /** In milliseconds since the epoch. */
  readonly publishedAtMs: number;
}

/** All that was said about one order. */
export interface OrderStory {
  readonly orderId: bigint;
  readonly versions: readonly Message<SaidOrder>[];
  readonly payments: readonly Message<SaidPayment>[];
  readonly erasures: readonly Erasure[];
}

export interface Story {
  readonly messages: readonly Message[];
  readonly orders: ReadonlyMap<bigint, OrderStory>;
}

export const tellStory = (messages: readonly Message[], erasures: readonly Erasure[]): Story => {
  const orders = new Map<bigint, OrderStory>();
  const named = messages.flatMap(({ said }) => (said.kind === 'invalid' ? [] : said.orderId));
  for (const orderId of new Set([...named, ...erasures.map((erasure) => erasure.orderId)])) {
    orders.set(orderId, {
      orderId,
      versions: messages.filter((other): other is Message<SaidOrder> => isAbout(other, 'order', orderId)),
      payments: messages.filter((other): other is Message<SaidPayment> => isAbout(other, 'payment', orderId)),
      erasures: erasures.filter((erasure) => erasure.orderId === orderId),
    });
  }
  return { messages, orders };
};

const isAbout = ({ said }: Message, kind: 'order' | 'payment', orderId: bigint): boolean =>
  said.kind === kind && said.orderId === orderId;

const MINUTE_MS = 60_000;

/** When it happened: the producer's word, unless its clock was more than 5 minutes ahead of Pub/Sub's. */
export const happenedAtMs = ({ said, publishedAtMs }: Message<SaidOrder> | Message<SaidPayment>): number => {
  const { occurredAtMs } = said;
  if (occurredAtMs === undefined) return publishedAtMs;
  return occurredAtMs - publishedAtMs > 5 * MINUTE_MS ? publishedAtMs : occurredAtMs;
};

/** A person's data in it was erased. */
export const isCovered = ({ publishedAtMs }: Message, { erasures }: Pick<OrderStory, 'erasures'>): boolean =>
  erasures.some((erasure) => publishedAtMs <= erasure.publishedAtMs);

const newestOf = <Timed extends Message<SaidOrder> | Message<SaidPayment>>(
  messages: readonly Timed[],
): readonly Timed[] => {
  const newestMs = Math.max(...messages.map((message) => happenedAtMs(message)));
  return messages.filter((message) => happenedAtMs(message) === newestMs);
};

/** The versions of which one must be shown. There are several only when they happened in one moment. */
export const newestVersions = ({ versions }: OrderStory): readonly Message<SaidOrder>[] => newestOf(versions);

/** For each payment id, the messages of which one is the last word. All of them mean the same. */
export const lastWords = ({
  payments,
}: Pick<OrderStory, 'payments'>): readonly (readonly Message<SaidPayment>[])[] =>
  [...Map.groupBy(payments, ({ said }) => said.paymentId).values()].map((ofId) => {
    const newest = newestOf(ofId);
    const latest = Math.max(...newest.map(({ said }) => LIFE[said.means]));
    return newest.filter(({ said }) => LIFE[said.means] === latest);
  });

/** The payments of which one must be shown: the best last words, and of them the newest. */
export const paymentsToShow = (story: OrderStory): readonly Message<SaidPayment>[] => {
  const words = lastWords(story);
  const best = BEST_FIRST.find((means) => words.some(([word]) => word?.said.means === means));
  return newestOf(words.flat().filter(({ said }) => said.means === best));
};

/** It says that the payment alone pays for the order, or it may say so. */
const paysAlone = ({ said }: Message<SaidPayment>): boolean =>
  ['succeeded', 'unknown'].includes(said.means) && !said.paysPart;

/** The payment ids that are last said to be paid alone. */
interface PaidIds {
  readonly surely: ReadonlySet<bigint>;
  /** And those of which two last words of one moment differ: one pays alone, and the other pays a part. */
  readonly maybe: ReadonlySet<bigint>;
}

/** When there are two of them, somebody must be told, and of which. */
export const paidIds = (story: OrderStory): PaidIds => {
  const words = lastWords(story);
  const idsOf = (some: typeof words): ReadonlySet<bigint> =>
    new Set(some.flatMap(([word]) => word?.said.paymentId ?? []));
  return {
    surely: idsOf(words.filter((word) => word.every(paysAlone))),
    maybe: idsOf(words.filter((word) => word.some(paysAlone))),
  };
};

/** Two messages of one payment id, one status, and contents that cannot both be true. */
const contradict = ({ said: a }: Message<SaidPayment>, { said: b }: Message<SaidPayment>): boolean => {
  if (a.paymentId !== b.paymentId || a.means !== b.means) return false;
  const { payment_method: method, card_last_four: card, payment_status: word } = a.columns;
  if (a.means === 'unknown' && word !== b.columns['payment_status']) return false;
  const otherCard = b.columns['card_last_four'];
  return (
    method !== b.columns['payment_method'] ||
    (card !== undefined && otherCard !== undefined && card !== otherCard)
  );
};

/** The payment ids of which two of these messages contradict each other. */
export const contradictingIds = (payments: readonly Message<SaidPayment>[]): ReadonlySet<bigint> =>
  new Set(
    payments
      .filter((one) => payments.some((other) => contradict(one, other)))
      .map(({ said }) => said.paymentId),
  );

/** Somebody must be told of each that it has contradicting contents. What was erased is not compared. */
export const changedIds = (story: OrderStory): ReadonlySet<bigint> =>
  contradictingIds(story.payments.filter((payment) => !isCovered(payment, story)));

const differ = (one: Message<SaidOrder>, other: Message<SaidOrder>): boolean =>
  Object.entries(one.said.columns).some(([name, value]) => other.said.columns[name] !== value);

/** Somebody must be told that the order has two contents at its newest time. */
export const hasRivals = (story: OrderStory): boolean => {
  const kept = newestVersions(story).filter((version) => !isCovered(version, story));
  return kept.some((one) => kept.some((other) => differ(one, other)));
};

/** The payment ids that some of an order's messages show as paid, if the others had not come. */
export const couldPayIds = ({ payments }: OrderStory): ReadonlySet<bigint> =>
  new Set(payments.filter(paysAlone).map(({ said }) => said.paymentId));

/** How many versions of one moment there are at most, where two of them differ. */
export const mostRivals = ({ versions }: OrderStory): number =>
  Math.max(
    0,
    ...[...Map.groupBy(versions, happenedAtMs).values()]
      .filter((ofOneMoment) => ofOneMoment.some((one) => ofOneMoment.some((other) => differ(one, other))))
      .map(({ length }) => length),
  );

/** The findings that some of an order's messages show, if the others had not come. */
export const couldBeTold = (story: OrderStory): ReadonlySet<string> => {
  const told = new Set<string>();
  if (couldPayIds(story).size > 1) told.add('conflict');
  if (contradictingIds(story.payments).size > 0) told.add('changed');
  if (mostRivals(story) > 1) told.add('rivals');
  if (story.payments.length > 0) told.add('unmatched');
  return told;
};
