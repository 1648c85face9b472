import { expect, it } from 'vitest';
import { changeRetention } from '../../../../shared/store/retention/setRetentionDays.ts';

const DAY_SECONDS = 86_400;

/** A schema of the two tables, with the days for which each keeps what is written. 0: for ever. */
const schemaOf = (letters: number, places: number) => {
  const days = new Map([
    ['dead_letters', letters],
    ['dead_letters_by_order', places],
  ]);
  const seen: (readonly number[])[] = [];
  return {
    /** The days of both tables after each statement. */
    seen,
    select: (_query: string, [, table]: readonly unknown[] = []) =>
      Promise.resolve([{ get: () => (days.get(String(table)) ?? 0) * DAY_SECONDS }] as never),
    change: (cql: string): Promise<void> => {
      const [, table = '', seconds] = /^ALTER TABLE shop\.(\w+) WITH .* = (\d+)$/.exec(cql) ?? [];
      days.set(table, Number(seconds) / DAY_SECONDS);
      seen.push([...days.values()]);
      return Promise.resolve();
    },
  };
};

it.each([
  { what: 'set for the first time', from: [0, 0], days: 31, between: [31, 0] },
  { what: 'raised', from: [31, 31], days: 90, between: [31, 90] },
  { what: 'lowered', from: [90, 90], days: 31, between: [31, 90] },
  { what: 'set again after a lowering that died', from: [31, 90], days: 60, between: [60, 90] },
  { what: 'set again where places expire first', from: [90, 31], days: 60, between: [90, 60] },
])(
  'a retention that is $what lets no place expire before its dead letter',
  async ({ from, days, between }) => {
    const [letters = 0, places = 0] = from;
    const schema = schemaOf(letters, places);

    await changeRetention(schema, 'shop', days);

    expect(schema.seen).toEqual([between, [days, days]]);
  },
);
