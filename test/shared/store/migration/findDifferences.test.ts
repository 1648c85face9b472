import { describe, expect, it } from 'vitest';
import { findDifferences } from '../../../../shared/store/migration/findDifferences.ts';
import { wantedTables } from '../../../../shared/store/migration/wantedTables.ts';

const WANTED = wantedTables([
  { name: '1', checksum: '', statements: ['CREATE TABLE t (id INT PRIMARY KEY, a TEXT)'] },
  { name: '2', checksum: '', statements: ['ALTER TABLE t ADD b DATE'] },
]);

const RIGHT = { id: 'int, partition key 1', a: 'text, regular', b: 'date, regular' };

const differences = (columns: Readonly<Record<string, string>>, pending: readonly string[]) => {
  const table = { columns: new Map(Object.entries(columns)), option: () => undefined };
  return findDifferences(new Map([['t', table]]), WANTED, new Set(pending));
};

describe('what a keyspace has, beside what is wanted,', () => {
  it('is right', () => {
    expect(differences(RIGHT, [])).toEqual([]);
    expect(differences({ ...RIGHT, more: 'text, regular' }, [])).toEqual([]);
  });

  it('may lack a column that is still to be added, but no other', () => {
    const { b: _, ...first } = RIGHT;
    const { a: __, ...lacking } = RIGHT;

    expect(differences(first, ['2'])).toEqual([]);
    expect(differences(first, [])).toEqual(['t.b: expected date, regular; found no such column']);
    expect(differences(lacking, ['1', '2'])).toEqual(['t.a: expected text, regular; found no such column']);
  });

  it('may not have the column already, of another type: adding it would do nothing', () => {
    expect(differences({ ...RIGHT, b: 'text, regular' }, ['2'])).toEqual([
      't.b: expected date, regular; found text, regular',
    ]);
  });

  it('may lack a table that is still to be made, but no other', () => {
    expect(findDifferences(new Map(), WANTED, new Set(['1', '2']))).toEqual([]);
    expect(findDifferences(new Map(), WANTED, new Set(['2']))).toEqual([
      't: expected the table of cql/1, found none',
    ]);
  });
});
