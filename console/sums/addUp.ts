import type { Sum, SumIds, SumTerm } from '../contract.ts';
import type { Snapshot } from '../feed/books.ts';
import type { PassTotals } from './passTotals.ts';

interface Counted {
  readonly sums: readonly Sum[];
  /** The ids behind a term, by sum and term. */
  readonly ids: ReadonlyMap<string, SumIds>;
}

interface AddUpOptions {
  readonly totals: PassTotals;
  /** A text says why there is none; undefined: this Pub/Sub does not say what was published. */
  readonly snapshot: Snapshot | string | undefined;
  readonly startedAtMs: number;
  /** Redrives and forwarded copies that were published during the pass. */
  readonly copies: number;
}

type Term = SumTerm & { readonly list?: SumIds | undefined };

/** The three sums of one pass: messages, orders and payments. Pure. */
export const addUp = (options: AddUpOptions): Counted => {
  const all = [messages(options), orders(options.totals), payments(options.totals)];
  const ids = new Map<string, SumIds>();
  const sums = all.map(({ terms, ...sum }): Sum => ({
    ...sum,
    terms: terms.map(({ list, ...term }) => {
      if (list !== undefined) ids.set(termKey(sum.name, term.name), list);
      return term;
    }),
  }));
  return { sums, ids };
};

export const termKey = (sum: string, term: string): string => `${sum}/${term}`;

interface Terms extends Omit<Sum, 'terms'> {
  readonly terms: readonly Term[];
}

const messages = ({ totals, snapshot, startedAtMs, copies }: AddUpOptions): Terms => {
  const { orderEntries, paymentEntries, invalid, onTheirWay, dropped, missing, earlier, counts } = totals;
  const found = orderEntries.count + paymentEntries.count + invalid.count;
  const isKnown = typeof snapshot === 'object';
  const note = [
    ...(earlier === 0 ? [] : [`${number(earlier)} of them were there before ${timeOf(startedAtMs)}`]),
    ...(isKnown && snapshot.repeated > 0
      ? [`${number(snapshot.repeated)} more were equal to another one of the same millisecond`]
      : []),
    ...(isKnown && snapshot.redriven > 0
      ? [`${number(snapshot.redriven)} more were redriven, and are events that are counted already`]
      : []),
  ].join('; ');
  const terms = [
    term('orders, in the ledger', orderEntries.count),
    term('payments, in the ledger', paymentEntries.count),
    term('invalid, dead letters', invalid.count, { list: events(invalid), state: null }),
    ...(isKnown
      ? [term('on their way', onTheirWay.count, { note: 'not acked yet', list: events(onTheirWay) })]
      : []),
    ...(isKnown && dropped.count > 0
      ? [
          term('dropped by Pub/Sub', dropped.count, {
            note: 'by a seek, too old, or without a subscription',
            state: 'attn',
            list: events(dropped),
          }),
        ]
      : []),
  ];
  if (!isKnown) {
    const why = snapshot ?? 'this Pub/Sub does not say how many were published';
    return { name: 'messages published', terms, total: null, offBy: null, why, note };
  }
  const total = snapshot.published + earlier;
  const offBy = total - found - onTheirWay.count - dropped.count;
  const sum = { name: 'messages published', total, note };
  if (offBy === 0) return { ...sum, terms, offBy, why: null };
  if (counts.cut > 0) {
    return { ...sum, terms, offBy: null, why: 'an order has more entries than are read' };
  }
  if (offBy < 0 && -offBy <= snapshot.strangers) {
    return { ...sum, terms, offBy: null, why: sayStrangers(-offBy, snapshot.strangers) };
  }
  if (copies > 0) return { ...sum, terms, offBy: null, why: 'messages were redriven while it was counted' };
  const lost =
    offBy > 0
      ? [term('in no table', offBy, { state: 'bad', list: events({ ...missing, total: offBy }) })]
      : [];
  const why =
    offBy > 0
      ? `${number(offBy)} ${offBy === 1 ? 'is' : 'are'} acked and in no table`
      : `${number(-offBy)} more than were published`;
  return { ...sum, terms: [...terms, ...lost], offBy, why };
};

/** Whoever publishes may write any publish time into an attribute, and so make an event of another time. */
const sayStrangers = (more: number, strangers: number): string =>
  `${number(more)} more than were published, and ${number(strangers)} ${strangers === 1 ? 'says that it carries' : 'say that they carry'} an earlier event, which was not seen here`;

const orders = ({ counts }: PassTotals): Terms => {
  const { statuses, unpaid, ids, unknownStatusWords } = counts;
  const words = unknownStatusWords.slice(0, 3).map((word) => `“${word}”`);
  const terms = [
    orderTerm('paid', statuses.succeeded, ids.succeeded, 'a payment succeeded'),
    orderTerm('refunded', statuses.refunded, ids.refunded),
    orderTerm('pending', statuses.pending, ids.pending),
    orderTerm(
      'unknown',
      statuses.unknown,
      ids.unknown,
      words.length === 0 ? '' : `status ${words.join(', ')}`,
    ),
    orderTerm('failed', statuses.failed, ids.failed),
    orderTerm('no payment yet', unpaid, ids.unpaid),
  ];
  return closed('orders', terms, counts.orders);
};

const orderTerm = (name: string, count: number, ids: readonly bigint[], note = ''): Term =>
  term(name, count, { note, list: ordersOf(ids.map(String), count) });

const payments = (totals: PassTotals): Terms => {
  const { counts, shown, beside, notShown, waitingOrders, discardedOrders } = totals;
  const { parked, parkedPayments, discarded, ids } = counts;
  const parkedOrders = [...new Set(parkedPayments.map(({ orderId }) => String(orderId)))];
  const terms = [
    term('shown on their order', shown),
    term('kept beside another', beside.count, { list: ordersOf(beside.ids, beside.total) }),
    ...(notShown.count === 0
      ? []
      : [
          term('not shown yet', notShown.count, {
            note: 'its row is being written',
            state: 'wait',
            list: ordersOf(notShown.ids, notShown.total),
          }),
        ]),
    term('waiting for their order', parked, {
      note: parked > 0 ? 'nothing to do' : '',
      state: parked > 0 ? 'wait' : null,
      list: ordersOf(parkedOrders, waitingOrders),
    }),
    ...(discarded === 0
      ? []
      : [term('discarded', discarded, { list: ordersOf(ids.discarded.map(String), discardedOrders) })]),
  ];
  return closed('payments', terms, counts.payments);
};

/** The terms and the total are counted apart, from the same rows. */
const closed = (name: string, terms: readonly Term[], total: number): Terms => {
  const offBy = total - terms.reduce((sum, { count }) => sum + count, 0);
  const why =
    offBy === 0
      ? null
      : `${number(Math.abs(offBy))} ${offBy > 0 ? 'are in no line above' : 'are in two lines'}`;
  return { name, terms, total, offBy, why, note: '' };
};

interface TermDetails {
  readonly note?: string;
  readonly state?: SumTerm['state'];
  readonly list?: SumIds;
}

const term = (name: string, count: number, { note = '', state = null, list }: TermDetails = {}): Term => ({
  name,
  count,
  note,
  state,
  ids: list !== undefined && count > 0 && list.ids.length > 0,
  list,
});

const events = ({ ids, total }: Omit<SumIds, 'of'>): SumIds => ({ of: 'events', ids, total });

const ordersOf = (ids: readonly string[], total: number): SumIds => ({ of: 'orders', ids, total });

const number = (value: number): string => value.toLocaleString('en');

/** With its day, because a system runs for longer: `2026-11-27 09:12:00`. */
const timeOf = (ms: number): string => new Date(ms).toLocaleString('sv-SE');
