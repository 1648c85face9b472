import type { EventStamp } from './event.ts';
import { writeTimeOf } from './writeTimeOf.ts';

/**
 * The events with the latest write time: the only ones whose cells can stand in a row that all of them write whole. More
 * than one only when write times tie, and then Cassandra's tie-break picks each cell, so all of them must be written.
 */
export const newest = <Event extends EventStamp>(events: readonly Event[]): Event[] => {
  const latest = events.map(writeTimeOf).reduce((a, b) => (a > b ? a : b), -1n);
  return events.filter((event) => writeTimeOf(event) === latest);
};
