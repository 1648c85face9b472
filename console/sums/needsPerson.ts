import type { Sums } from '../contract.ts';
import type { DeadLetterReason } from '../../shared/domain/deadLetter.ts';
import type { PassTotals } from './passTotals.ts';

const WHAT: readonly (readonly [DeadLetterReason, string])[] = [
  ['conflict', 'several payments say paid'],
  ['changed', 'one payment, two contents'],
  ['rivals', 'two versions at one time'],
  ['too_many', 'too many events'],
];

/** What is open and needs a person, by reason. An early payment needs nobody. */
export const needsPerson = ({
  open,
  invalidErrors,
}: Pick<PassTotals, 'open' | 'invalidErrors'>): Sums['needsPerson'] =>
  [...WHAT, ['invalid', whatOfInvalid(invalidErrors)] as const].flatMap(([reason, what]) => {
    const one = open.get(reason);
    return one === undefined ? [] : [{ reason, open: one.count, what, oldestMs: one.sinceMs }];
  });

const whatOfInvalid = (errors: PassTotals['invalidErrors']): string => {
  const [most] = [...errors].toSorted(([, a], [, b]) => b - a);
  return `${errors.size} ${errors.size === 1 ? 'error' : 'errors'}, most: ${most?.[0] ?? 'unknown'}`;
};
