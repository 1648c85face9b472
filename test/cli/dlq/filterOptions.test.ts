import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import {
  addFilterOptions,
  deadLetterIds,
  type FilterOptions,
  noteOnLastDay,
  sinceAgain,
  toFilter,
} from '../../../cli/dlq/filterOptions.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12);
const HOUR_MS = 3_600_000;

const parse = (...args: readonly string[]): FilterOptions => {
  const command = addFilterOptions(
    new Command().exitOverride().configureOutput({ writeErr: () => {} }),
    'any',
  );
  command.parse([...args], { from: 'user' });
  return command.opts<FilterOptions & Record<string, unknown>>();
};
const filterOf = (args: readonly string[], ids: readonly string[] = []) =>
  toFilter(parse(...args), { ids, nowMs: NOW_MS, state: 'open' });

describe('the options of a filter', () => {
  it('take the last day and the given state, unless they say more', () => {
    expect(filterOf([])).toMatchObject({ sinceMs: NOW_MS - 24 * HOUR_MS, untilMs: undefined, state: 'open' });
    expect(filterOf(['--state', 'any', '--since', '90m']).state).toBeUndefined();
    expect(filterOf(['--since', '90m']).sinceMs).toBe(NOW_MS - 1.5 * HOUR_MS);
    expect(filterOf(['--since', '2026-11-23', '--until', '2026-11-23T10:00:00Z'])).toMatchObject({
      sinceMs: Date.UTC(2026, 10, 23),
      untilMs: Date.UTC(2026, 10, 23, 10),
    });
  });

  it('take a day whole, from its beginning to its end', () => {
    expect(filterOf(['--since', '2026-11-23', '--until', '2026-11-23'])).toMatchObject({
      sinceMs: Date.UTC(2026, 10, 23),
      untilMs: Date.UTC(2026, 10, 24) - 1,
    });
    expect(filterOf(['--since', '2d', '--until', '2026-11-23T00:00:00Z']).untilMs).toBe(
      Date.UTC(2026, 10, 23),
    );
  });

  it('begin a later run at the same moment', () => {
    const [option = '', moment = ''] = sinceAgain(filterOf(['--since', '2h']))?.split(' ') ?? [];

    const later = toFilter(parse(option, moment), { ids: [], nowMs: NOW_MS + HOUR_MS, state: 'open' });

    expect(later.sinceMs).toBe(NOW_MS - 2 * HOUR_MS);
    expect(sinceAgain(filterOf(['--order', '17']))).toBeUndefined();
  });

  it('say what the last day leaves out, where nobody has said since when', () => {
    const noteOf = (args: readonly string[], ids: readonly string[] = []) =>
      noteOnLastDay(parse(...args), filterOf(args, ids));

    expect(noteOf(['--reason', 'conflict'])).toContain('such as --since 31d');
    expect(noteOf(['--since', '31d'])).toBeUndefined();
    expect(noteOf(['--order', '17'])).toBeUndefined();
    expect(noteOf([], ['0'.repeat(32)])).toBeUndefined();
  });

  it('look at all days for an order, or for single dead letters', () => {
    expect(filterOf(['--order', '17'])).toMatchObject({ orderId: 17n, sinceMs: undefined });
    expect(filterOf([], deadLetterIds('0'.repeat(32))).sinceMs).toBeUndefined();
    expect(filterOf(['--order', '17', '--since', '1h']).sinceMs).toBe(NOW_MS - HOUR_MS);
  });

  it.each([
    [['--since', 'yesterday'], 'Expected a duration before now such as 90m'],
    [['--since', '9999d'], 'at most 3650d'],
    [['--until', '2026-13-01'], 'Expected a duration before now'],
    [['--order', '-1'], 'Expected an order id'],
    [['--payment', '0x10'], 'Expected a payment id, a whole number from 0'],
    [['--error', ''], 'Expected a text of 1 to 200 characters that is not blank.'],
    [['--error', ' '], 'Expected a text of 1 to 200 characters that is not blank.'],
    [['--kind', 'x'.repeat(1_001)], 'Expected a text of 1 to 1000 characters that is not blank.'],
    [['--reason', 'parked'], 'Allowed choices are invalid, unmatched'],
    [['--topic', 'dlq_orders_data'], 'Allowed choices are orders_data, payments_data'],
    [['--since', '1h', '--until', '2h'], '--since: expected a time before --until'],
    [['--since', '2026-11-25'], '--since: expected a time before now, got 2026-11-25T00:00:00.000Z'],
    [['--since', '2010-01-01'], '--since: expected at most 3650 days before --until'],
  ])('refuse %j, and say what is allowed', (args, said) => {
    expect(() => filterOf(args)).toThrow(said);
  });

  it('refuse an id that is none', () => {
    expect(() => deadLetterIds('17')).toThrow('Expected the id of a dead letter, 32 hex digits.');
  });
});
