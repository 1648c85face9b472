import { describe, expect, it } from 'vitest';
import { readLetters } from '../../../../console/server/deadLetters/readLetters.ts';
import {
  letterFilterSchema,
  toDeadLetterFilter,
} from '../../../../console/server/deadLetters/toDeadLetterFilter.ts';
import { createToLetter } from '../../../../console/server/deadLetters/toLetter.ts';
import { deadLetterRow } from '../../../support/messages/records.ts';

const AT_MS = Date.UTC(2026, 10, 29, 12);

const sinceOf = async (days: readonly string[]): Promise<string> => {
  const rows = days.map((day, number) => deadLetterRow(number, { day, publishedAtMs: Date.parse(day) }));
  const store = {
    scanDeadLetterPages: async function* () {
      yield rows;
    },
  };
  const read = await readLetters(store, {
    known: new Map(),
    toLetter: createToLetter(),
    onProgress: () => {},
  });
  const snapshot = { ...read, countedAtMs: AT_MS };
  const { sinceMs = 0 } = toDeadLetterFilter(letterFilterSchema.parse({}), { snapshot, atMs: AT_MS });
  return new Date(sinceMs).toISOString();
};

describe('the filter of the page', () => {
  it('begins with the day of the oldest dead letter', async () => {
    expect(await sinceOf(['2026-11-28', '2025-01-03', '2026-11-29'])).toBe('2025-01-03T00:00:00.000Z');
  });

  it('begins there also when so many are newer that the oldest is not listed', async () => {
    const days = Array.from({ length: 130_000 }, () => '2026-11-28');

    expect(await sinceOf(['2026-11-02', ...days])).toBe('2026-11-02T00:00:00.000Z');
  });

  it('begins today when there are none', async () => {
    expect(await sinceOf([])).toBe('2026-11-29T00:00:00.000Z');
  });
});
