import { DEAD_LETTER_REASONS } from '../domain/deadLetter.ts';
import type { AuditSubject, DeadLetterPlace, ScanPlace } from './store.ts';

/** The two tables of the audit name a row of another table by the name of that table and by a text. */
interface RowName {
  readonly table: string;
  /**
   * An order id, which another writer may have made negative, or the key of a dead letter, joined with
   * slashes. Empty: before the first row.
   */
  readonly key: string;
}

const deadLetterText = ({ day, shard, id, reason }: DeadLetterPlace): string =>
  [day, shard, id, reason].join('/');

/** `{ table: 'orders', after: 17n }` → `{ table: 'orders', key: '17' }`. */
export const placeToName = (place: ScanPlace): RowName => {
  if (place.after === undefined) return { table: place.table, key: '' };
  return place.table === 'orders'
    ? { table: place.table, key: place.after.toString() }
    : { table: place.table, key: deadLetterText(place.after) };
};

/** The place of a name; undefined when no place has this name. */
export const nameToPlace = ({ table, key }: RowName): ScanPlace | undefined => {
  if (key === '')
    return table === 'orders' || table === 'dead_letters' ? { table, after: undefined } : undefined;
  const subject = nameToSubject({ table, key });
  if (subject === undefined) return undefined;
  return subject.table === 'orders'
    ? { table: 'orders', after: subject.orderId }
    : { table: 'dead_letters', after: subject.deadLetter };
};

export const subjectToName = (subject: AuditSubject): RowName =>
  subject.table === 'orders'
    ? { table: subject.table, key: subject.orderId.toString() }
    : { table: subject.table, key: deadLetterText(subject.deadLetter) };

/** The subject of a name; undefined when no subject has this name. */
export const nameToSubject = ({ table, key }: RowName): AuditSubject | undefined => {
  if (table === 'orders') return /^-?\d+$/.test(key) ? { table, orderId: BigInt(key) } : undefined;
  const [day = '', shard = '', id = '', said] = key.split('/');
  const reason = DEAD_LETTER_REASONS.find((known) => known === said);
  if (table !== 'dead_letters' || reason === undefined) return undefined;
  return { table, deadLetter: { day, shard: Number(shard), id, reason } };
};
