import { DEAD_LETTER_REASONS, DEAD_LETTER_SHARDS } from '../domain/deadLetter.ts';
import type { DeadLetterPlace } from '../store/store.ts';

/** The place of a dead letter as a text. `2026-11-24/495/0123…/invalid`. */
export const formatPlace = ({ day, shard, id, reason }: DeadLetterPlace): string =>
  [day, shard, id, reason].join('/');

/** Reads what `formatPlace` wrote; undefined for any other text. */
export const parsePlace = (text: string): DeadLetterPlace | undefined => {
  const [, day = '', digits = '', id = '', said] =
    /^(\d{4}-\d{2}-\d{2})\/(\d{1,4})\/([0-9a-f]{32})\/(\w+)$/.exec(text) ?? [];
  const reason = DEAD_LETTER_REASONS.find((known) => known === said);
  const shard = Number(digits);
  if (day === '' || Number.isNaN(Date.parse(day)) || reason === undefined || shard >= DEAD_LETTER_SHARDS) {
    return undefined;
  }
  return { day, shard, id, reason };
};

/** Day by day, then shard by shard, then by id and reason. */
export const comparePlaces = (a: DeadLetterPlace, b: DeadLetterPlace): number => {
  if (a.day !== b.day) return a.day < b.day ? -1 : 1;
  if (a.shard !== b.shard) return a.shard - b.shard;
  return `${a.id}/${a.reason}` < `${b.id}/${b.reason}` ? -1 : a.id === b.id && a.reason === b.reason ? 0 : 1;
};
