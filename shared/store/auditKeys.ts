import type { AuditSubject, ScanPlace } from './auditSource.ts';
import { formatPlace, parseForeignPlace } from '../domain/deadLetterPlace.ts';

/** The two tables of the audit name a row of another table by the name of that table and by a text. */
interface RowName {
  readonly table: string;
  /**
   * An order id, which another writer may have made negative, or the place of a dead letter. Empty: before
   * the first row.
   */
  readonly key: string;
}

/** `{ table: 'orders', after: 17n }` → `{ table: 'orders', key: '17' }`. */
export const placeToName = (place: ScanPlace): RowName => {
  if (place.after === undefined) return { table: place.table, key: '' };
  return place.table === 'orders'
    ? { table: place.table, key: place.after.toString() }
    : { table: place.table, key: formatPlace(place.after) };
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
    : { table: subject.table, key: formatPlace(subject.deadLetter) };

/** The subject of a name; undefined when no subject has this name. */
export const nameToSubject = ({ table, key }: RowName): AuditSubject | undefined => {
  if (table === 'orders') return /^-?\d+$/.test(key) ? { table, orderId: BigInt(key) } : undefined;
  const deadLetter = table === 'dead_letters' ? parseForeignPlace(key) : undefined;
  return deadLetter && { table: 'dead_letters', deadLetter };
};
