import { describe, expect, it } from 'vitest';
import { ANY_DEAD_LETTER } from '../../../../shared/operations/deadLetterFilter.ts';
import { dlqCommand } from '../../../../console/server/deadLetters/dlqCommand.ts';

describe('the command that does the same', () => {
  it('names all of the filter, quoted for a shell', () => {
    const filter = {
      ...ANY_DEAD_LETTER,
      reasons: ['invalid'] as const,
      topic: 'orders_data' as const,
      error: "it's",
      kind: 'price: expected a number',
      state: 'open' as const,
      sinceMs: 0,
      untilMs: 1,
    };

    expect(dlqCommand('redrive', filter, ['--rate', '5'])).toBe(
      String.raw`npx tally dlq redrive --reason invalid --topic orders_data --error 'it'\''s' --kind 'price: expected a number' ` +
        '--since 1970-01-01T00:00:00.000Z --until 1970-01-01T00:00:00.001Z --rate 5',
    );
    expect(dlqCommand('ls', { ...filter, error: undefined, kind: undefined })).toBe(
      'npx tally dlq ls --reason invalid --topic orders_data --state open --since 1970-01-01T00:00:00.000Z',
    );
  });

  it('names single ones by their ids, open or not', () => {
    const ids = ['ab'.repeat(16)];

    expect(dlqCommand('discard', { ...ANY_DEAD_LETTER, ids })).toBe(`npx tally dlq discard ${ids[0]}`);
    expect(dlqCommand('redrive', { ...ANY_DEAD_LETTER, orderId: 17n })).toBe(
      'npx tally dlq redrive --order 17 --state any',
    );
    expect(dlqCommand('ls', { ...ANY_DEAD_LETTER, ids })).toBe(`npx tally dlq show ${ids[0]}`);
  });
});
