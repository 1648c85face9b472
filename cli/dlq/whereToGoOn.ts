import { formatPlace } from '../../shared/domain/deadLetterPlace.ts';
import type { RedriveResult } from '../../shared/operations/redrive.ts';

/**
 * With which options a redrive goes on that did not come to the end; undefined when nothing is left, or when
 * nothing was done yet. A limit that was reached comes again. One that was not is what is left of it, so that
 * both runs together send no more than was asked for.
 * @param limit of the run that has ended.
 * @param isFailed whether it ended because Pub/Sub or the store did not answer.
 */
export const whereToGoOn = (
  { sent, doneUpTo, stopped }: RedriveResult,
  limit: number,
  isFailed: boolean,
): { readonly limit: number; readonly after: string } | undefined =>
  doneUpTo === undefined || !(isFailed || stopped !== undefined)
    ? undefined
    : { limit: stopped === 'limit' ? limit : limit - sent, after: formatPlace(doneUpTo) };
