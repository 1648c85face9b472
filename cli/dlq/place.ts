import { InvalidArgumentError } from 'commander';
import { type DeadLetterPlace, parsePlace } from '../../shared/domain/deadLetterPlace.ts';

/** The parser of a place on the command line. `2026-11-24/495/0123…/invalid`. */
export const place = (text: string): DeadLetterPlace => {
  const parsed = parsePlace(text);
  if (parsed !== undefined) return parsed;
  throw new InvalidArgumentError('Expected a place as this command prints it: day/shard/id/reason.');
};
