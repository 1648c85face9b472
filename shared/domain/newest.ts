import type { EventStamp } from './event.ts';
import { writeTimeOf } from './writeTimeOf.ts';

/**
 * The events with the latest write time. If all events write the same columns of a row, only these can be
 * visible there. There are several only when write times tie. Then Cassandra chooses between them for each
 * cell, so a caller must write all of them.
 * Write times `[1, 3, 3]` → the second and the third event; no events → `[]`.
 */
export const newest = <Event extends EventStamp>(events: readonly Event[]): Event[] => {
  const latest = events.map(writeTimeOf).reduce((a, b) => (a > b ? a : b), -1n);
  return events.filter((event) => writeTimeOf(event) === latest);
};
