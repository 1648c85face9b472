import {
  DEAD_LETTER_REASONS,
  DEAD_LETTER_SHARDS,
  type DeadLetterKey,
  type DeadLetterReason,
} from './deadLetter.ts';
import { isEventId } from './isEventId.ts';

/** The full key of a dead letter. */
export interface DeadLetterPlace extends DeadLetterKey {
  readonly reason: DeadLetterReason;
}

/** The place of a dead letter as a text. `2026-11-24/495/0123…/invalid`. */
export const formatPlace = ({ day, shard, id, reason }: DeadLetterPlace): string =>
  [day, shard, id, reason].join('/');

/** Reads what `formatPlace` wrote. It returns undefined for a place that Tally cannot have made. */
export const parsePlace = (text: string): DeadLetterPlace | undefined => {
  const place = parseForeignPlace(text);
  return place !== undefined && isOfTally(place) && formatPlace(place) === text ? place : undefined;
};

/**
 * Reads what `formatPlace` wrote for any row. The audit names rows of another writer, too, and those may have
 * any day, shard and id. It returns undefined for any other text.
 */
export const parseForeignPlace = (text: string): DeadLetterPlace | undefined => {
  const [, day = '', shard, id = '', said] = /^([^/]*)\/(-?\d+)\/(.*)\/(\w+)$/s.exec(text) ?? [];
  const reason = DEAD_LETTER_REASONS.find((known) => known === said);
  return reason && { day, shard: Number(shard), id, reason };
};

const isOfTally = ({ day, shard, id }: DeadLetterPlace): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(day) &&
  !Number.isNaN(Date.parse(day)) &&
  shard >= 0 &&
  shard < DEAD_LETTER_SHARDS &&
  isEventId(id);

/** Day by day, then shard by shard, then by id and reason. */
export const comparePlaces = (a: DeadLetterPlace, b: DeadLetterPlace): number => {
  if (a.day !== b.day) return a.day < b.day ? -1 : 1;
  if (a.shard !== b.shard) return a.shard - b.shard;
  const [one, other] = [`${a.id}/${a.reason}`, `${b.id}/${b.reason}`];
  return one === other ? 0 : one < other ? -1 : 1;
};
