import type { Expectation } from '../../shared/audit/expectation.ts';
import type { DeadLetterReason } from '../../shared/domain/deadLetter.ts';
import type { RunLine } from '../contract.ts';

/** What is known of an order: all that the lines of the comparison count. */
export interface SeenOrder {
  readonly isHere: boolean;
  readonly paymentIds: ReadonlySet<bigint>;
}

/** How many there must be, and how many there are, by end state. */
export type RunCounts = readonly {
  readonly name: string;
  readonly expected: number;
  readonly actual: number;
}[];

interface Seen {
  readonly seen: ReadonlyMap<bigint, SeenOrder>;
  /** The orders of the run about which people were told, by reason. */
  readonly told: ReadonlyMap<DeadLetterReason, ReadonlySet<bigint>>;
  /** How many of the bodies that must be refused are dead letters. */
  readonly invalid: number;
}

/** Counts the end states of the orders and payments of a run, by their ids. */
export const runCounts = (expectation: Expectation, { seen, told, invalid }: Seen): RunCounts => {
  const { matched, parked, unpaid, conflicts, changed, rivals } = expectation;
  const pairs = [...matched, ...parked];
  const countPairs = (isHere: boolean): number =>
    pairs.filter(({ order_id, payment_id }) => {
      const order = seen.get(order_id);
      return order?.isHere === isHere && order.paymentIds.has(payment_id);
    }).length;
  const orders = new Set([...matched.map(({ order_id }) => order_id), ...unpaid]);
  const bare = [...orders].filter((id) => {
    const order = seen.get(id);
    return order?.isHere === true && order.paymentIds.size === 0;
  });
  const toldOf = (reason: DeadLetterReason): number => told.get(reason)?.size ?? 0;
  const rare = [
    { name: 'changed', expected: changed.length, actual: toldOf('changed') },
    { name: 'rivals', expected: rivals.length, actual: toldOf('rivals') },
  ].filter(({ expected, actual }) => expected + actual > 0);
  return [
    { name: 'matched', expected: matched.length, actual: countPairs(true) },
    { name: 'unpaid', expected: unpaid.length, actual: bare.length },
    { name: 'parked', expected: parked.length, actual: countPairs(false) },
    { name: 'conflict', expected: conflicts.length, actual: toldOf('conflict') },
    ...rare,
    { name: 'invalid', expected: expectation.invalid.length, actual: invalid },
  ];
};

/** What is more than expected while other messages of the run are on their way. */
const MORE: Readonly<Record<string, string>> = {
  unpaid: 'their payments are on their way',
  parked: 'their orders are on their way',
};

/**
 * The lines of the comparison, with `lost` as the last.
 * @param isOver whether patience has run out, or all is as expected: what differs now is wrong.
 */
export const runLines = (
  counts: RunCounts,
  { lost, isOver }: { readonly lost: number; readonly isOver: boolean },
): readonly RunLine[] => [
  ...counts.map(({ name, expected, actual }): RunLine => {
    if (expected === actual) return { name, expected, actual, state: 'ok', verdict: 'agrees' };
    const apart = Math.abs(expected - actual).toLocaleString('en');
    if (isOver) {
      return {
        name,
        expected,
        actual,
        state: 'bad',
        verdict: `${apart} ${actual < expected ? 'missing' : 'too many'}`,
      };
    }
    const more = MORE[name] ?? `${apart} too many so far`;
    return {
      name,
      expected,
      actual,
      state: 'wait',
      verdict: actual < expected ? `${apart} on their way` : more,
    };
  }),
  lostLine(lost, isOver),
];

const lostLine = (lost: number, isOver: boolean): RunLine => {
  const line = { name: 'lost', expected: 0 } as const;
  if (!isOver) return { ...line, actual: null, state: 'wait', verdict: 'known when all is settled' };
  return lost === 0
    ? { ...line, actual: 0, state: 'ok', verdict: 'agrees' }
    : { ...line, actual: lost, state: 'bad', verdict: `${lost.toLocaleString('en')} in no table` };
};
