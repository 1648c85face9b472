import { InvalidArgumentError } from 'commander';
import { DEAD_LETTER_REASONS, DEAD_LETTER_SHARDS } from '../../shared/domain/deadLetter.ts';
import type { DeadLetterPlace } from '../../shared/store/store.ts';

/** A place on the command line. `2026-11-24/495/0123…/invalid`. */
export const formatPlace = ({ day, shard, id, reason }: DeadLetterPlace): string =>
  [day, shard, id, reason].join('/');

/** The parser of such a place. */
export const place = (text: string): DeadLetterPlace => {
  const [, day = '', digits = '', id = '', said] =
    /^(\d{4}-\d{2}-\d{2})\/(\d{1,4})\/([0-9a-f]{32})\/(\w+)$/.exec(text) ?? [];
  const reason = DEAD_LETTER_REASONS.find((known) => known === said);
  const shard = Number(digits);
  if (day !== '' && !Number.isNaN(Date.parse(day)) && reason !== undefined && shard < DEAD_LETTER_SHARDS) {
    return { day, shard, id, reason };
  }
  throw new InvalidArgumentError('Expected a place as this command prints it: day/shard/id/reason.');
};
