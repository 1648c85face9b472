import { describe, expect, it } from 'vitest';
import { statementsOf } from '../../../../shared/store/migration/statementsOf.ts';
import { wantedTables } from '../../../../shared/store/migration/wantedTables.ts';

/** The tables after these files, which are called 1, 2 and so on. Each column is as it is described. */
const tablesOf = (...files: readonly string[]) => {
  const migrations = files.map((cql, index) => ({
    name: String(index + 1),
    checksum: '',
    statements: statementsOf(cql),
  }));
  return Object.fromEntries(
    Array.from(wantedTables(migrations), ([name, { createdBy, columns, options }]) => [
      name,
      { createdBy, columns: Object.fromEntries(columns), options: Object.fromEntries(options) },
    ]),
  );
};

const made = (is: string) => ({ is, addedBy: undefined });

describe('the tables that files of CQL make', () => {
  it.each([
    [
      'a key behind its column',
      'CREATE TABLE t (id INT PRIMARY KEY, a TEXT)',
      ['int, partition key 1', 'text, regular'],
    ],
    [
      'a key in a clause',
      'CREATE TABLE t (id INT, a TEXT, PRIMARY KEY (id))',
      ['int, partition key 1', 'text, regular'],
    ],
    [
      'a clustering key',
      'CREATE TABLE t (id INT, a TEXT, PRIMARY KEY (id, a))',
      ['int, partition key 1', 'text, clustering key 1, ascending'],
    ],
    [
      'a partition key of two columns, in another order than they are in',
      'CREATE TABLE t (id INT, a TEXT, PRIMARY KEY ((a, id)))',
      ['int, partition key 2', 'text, partition key 1'],
    ],
    [
      'a descending clustering key',
      'CREATE TABLE IF NOT EXISTS t (\n  id INT,\n  a TEXT,\n  PRIMARY KEY ((id), a)\n)\n  WITH CLUSTERING ORDER BY (a DESC)',
      ['int, partition key 1', 'text, clustering key 1, descending'],
    ],
    [
      'a type with a comma in it',
      'CREATE TABLE t (id INT PRIMARY KEY, a FROZEN<MAP<TEXT, INT>>)',
      ['int, partition key 1', 'frozen<map<text, int>>, regular'],
    ],
  ])('have %s', (_what, cql, [id = '', a = '']) => {
    expect(tablesOf(cql)).toEqual({
      t: { createdBy: '1', columns: { id: made(id), a: made(a) }, options: {} },
    });
  });

  it('have the options behind WITH, but neither remarks nor maps', () => {
    const { t } = tablesOf(
      "CREATE TABLE t (id INT, a INT, PRIMARY KEY (id, a)) WITH CLUSTERING ORDER BY (a DESC) AND read_repair = 'BLOCKING' AND comment = 'x = 1' AND gc_grace_seconds = 60 AND caching = {'keys': 'ALL'}",
    );

    expect(t?.options).toEqual({ read_repair: 'BLOCKING', gc_grace_seconds: '60' });
  });

  it.each([
    'ALTER TABLE t ADD b DATE',
    'ALTER TABLE t ADD IF NOT EXISTS b DATE',
    'ALTER TABLE t ADD (b DATE)',
  ])('have what a later file adds: %s', (cql) => {
    const { t } = tablesOf('CREATE TABLE t (id INT PRIMARY KEY);', cql);

    expect(t?.columns).toEqual({
      id: made('int, partition key 1'),
      b: { is: 'date, regular', addedBy: '2' },
    });
  });

  it('have the options of a later file', () => {
    const { t } = tablesOf(
      'CREATE TABLE t (id INT PRIMARY KEY) WITH gc_grace_seconds = 60',
      'ALTER TABLE t WITH gc_grace_seconds = 120',
    );

    expect(t?.options).toEqual({ gc_grace_seconds: '120' });
  });

  it.each(['DROP TABLE t', 'CREATE INDEX ON t (a)', 'ALTER TABLE of_nobody ADD a INT'])(
    'are not made by another statement: %s',
    (cql) => {
      expect(() => tablesOf(cql)).toThrow(
        `cql/1: expected CREATE TABLE, or ALTER TABLE of such a table, got ${cql}`,
      );
    },
  );
});
