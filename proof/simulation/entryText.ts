import { type Cells, placeOf } from './cassandra/cells.ts';
import { tableNamed } from './cassandra/statements.ts';
import type { CqlValue } from './cassandra/values.ts';
import { LEDGER, type Message } from './oracle.ts';

/** What an entry of the ledger says: the columns that stay, and those that an erasure takes away. */
export interface EntryText {
  readonly lasting: string;
  readonly personal: readonly string[];
}

const LASTING = [
  'kind',
  'ref',
  'published_at',
  'occurred_at',
  'redacted',
  'item',
  'quantity',
  'price',
  'order_status',
  'creation_date',
  'payment_method',
  'payment_status',
  'payment_datetime',
] as const;
/** The columns of a ledger row or a fact that say who a person is. */
export const PERSONAL: readonly string[] = ['customer_id', 'shipping_address', 'card_last_four'];
const SEPARATOR = '\u{1f}';

const textOf = (value: CqlValue | null | undefined): string =>
  String(value instanceof Date ? value.getTime() : (value ?? ''));

const placesOf = (columns: readonly string[]): readonly number[] =>
  columns.map((column) => placeOf(tableNamed(LEDGER), column));
const LASTING_PLACES = placesOf(LASTING);
const PERSONAL_PLACES = placesOf(PERSONAL);

/** Replicas share the cells of a row, and cells never change, so each is read once. */
const known = new WeakMap<Cells, EntryText>();

/** What a row of the ledger says. */
export const textOfRow = (cells: Cells): EntryText => {
  const found = known.get(cells);
  if (found !== undefined) return found;
  const read = (place: number): string => textOf(cells[place]?.value);
  const text = {
    lasting: LASTING_PLACES.map(read).join(SEPARATOR),
    personal: PERSONAL_PLACES.map(read),
  };
  known.set(cells, text);
  return text;
};

const sent = new WeakMap<Message, EntryText>();

/** What the ledger must say about a message; undefined for an invalid one. */
export const textOfMessage = (message: Message): EntryText | undefined => {
  const { said, publishedAtMs, isRedacted } = message;
  if (said.kind === 'invalid') return undefined;
  const found = sent.get(message);
  if (found !== undefined) return found;
  const values: Readonly<Record<string, CqlValue | undefined>> = {
    ...said.columns,
    kind: said.kind,
    ref: said.kind === 'payment' ? said.paymentId : undefined,
    published_at: publishedAtMs,
    occurred_at: said.occurredAtMs,
    redacted: isRedacted ? true : undefined,
  };
  const text = {
    lasting: LASTING.map((column) => textOf(values[column])).join(SEPARATOR),
    personal: PERSONAL.map((column) => textOf(values[column])),
  };
  sent.set(message, text);
  return text;
};

/** Whether a row says what a message says. Erased columns may be empty where an erasure covers it. */
export const saysTheSame = (row: EntryText, message: EntryText, isCovered: boolean): boolean =>
  row.lasting === message.lasting &&
  row.personal.every((value, nth) => value === message.personal[nth] || (isCovered && value === ''));
