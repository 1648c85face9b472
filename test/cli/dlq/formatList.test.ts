import { describe, expect, it } from 'vitest';
import { formatList } from '../../../cli/dlq/formatList.ts';
import { ANY_DEAD_LETTER } from '../../../shared/operations/deadLetterFilter.ts';
import { deadLetterRow } from '../../support/messages/records.ts';

const KIND = 'price: expected a finite number, 0 or more, as a number or as plain decimal text';

const linesOf = (total: number, page: { page: number; limit: number; columns?: number }): string[] => {
  const rows = [{ ...deadLetterRow(0, { error: KIND }), state: 'open' as const }];
  const list = { total, groups: [{ name: KIND, count: total }], rows };
  return formatList(list, ANY_DEAD_LETTER, { by: 'error', ...page }).split('\n');
};

describe('a list of dead letters', () => {
  it.each([
    [{ page: 1, limit: 20 }, '1 to 20 of 41; the next page: --page 2'],
    [{ page: 3, limit: 20 }, '41 to 41 of 41'],
    [{ page: 4, limit: 20 }, 'There is no page 4: the last one is 3.'],
  ])('says where a page is, and names only a next page that there is: %j', (page, said) => {
    expect(linesOf(41, page).at(-1)).toBe(said);
  });

  it.each([
    [41, { page: 1, limit: 0 }],
    [20, { page: 1, limit: 20 }],
  ])('says nothing about pages where there is one, or none is asked for: %d, %j', (total, page) => {
    expect(linesOf(total, page).filter((line) => /page|NaN|Infinity/.test(line))).toEqual([]);
  });

  it('says below the count what to know about the filter', () => {
    const lines = formatList({ total: 0, groups: [], rows: [] }, ANY_DEAD_LETTER, {
      by: 'reason',
      page: 1,
      limit: 20,
      note: 'It goes by the first publish.',
    }).split('\n');

    expect(lines).toEqual(['0 dead letters (all)', 'It goes by the first publish.']);
  });

  it.each([60, 80])('breaks no word and fills no line on a terminal of %d columns', (columns) => {
    const lines = linesOf(1, { page: 1, limit: 20, columns });

    expect(lines.filter((line) => line.length >= columns)).toEqual([]);
    expect(lines.map((line) => line.trim()).join(' ')).toContain(KIND);
  });
});
