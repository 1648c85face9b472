import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CellValue, MemoryTable } from '../../../shared/store/memoryTable.ts';

const T = 1_705_831_200_123_456n;
const ID_MAX = 2n ** 63n - 1n;

/** What stands in a cell of a row that is there, after these writes, in this order. */
const cellAfter = (...writes: readonly (readonly [CellValue | null, bigint])[]) => {
  const table = new MemoryTable();
  table.write('1', { another: true }, T);
  for (const [value, writeTime] of writes) table.write('1', { cell: value }, writeTime);
  return table.read('1')?.cell;
};

describe('a cell', () => {
  it('keeps the later write, whichever came last', () => {
    expect(cellAfter(['old', T], ['new', T + 1n])).toBe('new');
    expect(cellAfter(['new', T + 1n], ['old', T])).toBe('new');
  });

  it('keeps the later write even when its value is the smaller', () => {
    expect(cellAfter(['z', T], ['a', T + 1n])).toBe('a');
  });

  it.each<[string, CellValue, CellValue]>([
    ['a text', 'a', 'b'],
    ['a text that goes on', 'a', 'aa'],
    ['a text, by its UTF-8 bytes and not by an alphabet', 'z', 'é'],
    ['a text, by its UTF-8 bytes and not by its UTF-16 units', '\uffee', '\u{1f680}'],
    ['a text, in capitals', 'Z', 'a'],
    ['an empty text', '', ' '],
    ['a bigint', 9n, 10n],
    ['the largest bigint', ID_MAX - 1n, ID_MAX],
    ['a number', 9.5, 10],
    ['a small number', 0, Number.MIN_VALUE],
    ['a boolean', false, true],
    ['bytes', new Uint8Array([1, 255]), new Uint8Array([2])],
    ['bytes that go on', new Uint8Array([1]), new Uint8Array([1, 0])],
  ])('keeps the larger of two writes of one time: %s', (_type, smaller, larger) => {
    expect(cellAfter([smaller, T], [larger, T])).toEqual(larger);
    expect(cellAfter([larger, T], [smaller, T])).toEqual(larger);
  });
});

describe('a cell that was written as null', () => {
  it('stays without a value against an earlier write and one of the same time, whichever came last', () => {
    for (const value of ['', 'z', 0, ID_MAX]) {
      expect(cellAfter([value, T], [null, T])).toBeNull();
      expect(cellAfter([null, T], [value, T])).toBeNull();
      expect(cellAfter([null, T + 1n], [value, T])).toBeNull();
    }
  });

  it('gives way to a later write, and keeps its write time until then', () => {
    const table = new MemoryTable();
    table.write('1', { cell: null }, T);
    expect(table.writeTimes('1')).toEqual({ cell: T });

    table.write('1', { cell: 'value' }, T + 1n);

    expect(table.read('1')).toEqual({ cell: 'value' });
  });

  it('is null when it is written as null twice', () => {
    expect(cellAfter([null, T], [null, T])).toBeNull();
  });
});

describe('a row', () => {
  it('merges cell by cell, each with its own write time', () => {
    const table = new MemoryTable();

    table.write('1', { item: 'Laptop', quantity: 1n }, T);
    table.write('1', { quantity: 2n, price: 457.0966360351904 }, T + 1n);

    expect(table.read('1')).toEqual({ item: 'Laptop', quantity: 2n, price: 457.0966360351904 });
    expect(table.writeTimes('1')).toEqual({ item: T, quantity: T + 1n, price: T + 1n });
  });

  it('leaves a cell alone whose value is undefined, as an unset bind does', () => {
    const table = new MemoryTable();
    table.write('1', { redacted: true }, T);

    table.write('1', { redacted: undefined }, T + 1n);

    expect(table.read('1')).toEqual({ redacted: true });
    expect(table.writeTimes('1')).toEqual({ redacted: T });
  });

  it('that nobody wrote is not there', () => {
    const table = new MemoryTable();

    expect(table.read('1')).toBeUndefined();
    expect(table.writeTimes('1')).toEqual({});
  });

  it('without a value is not there, until it has one', () => {
    const table = new MemoryTable();
    table.write('1/1', { payload: null }, T);
    expect([table.read('1/1'), table.keys(), table.keys('1')]).toEqual([undefined, [], []]);

    table.write('1/1', { payload: 'body', error: 'bad' }, T - 1n);

    expect(table.read('1/1')).toEqual({ payload: null, error: 'bad' });
    expect(table.keys()).toEqual(['1/1']);
  });

  it('is found by the first part of its key', () => {
    const table = new MemoryTable();
    for (const key of ['2/1', '1/2', '11/1', '1/1']) table.write(key, { redacted: true }, T);

    expect(table.keys('1')).toEqual(['1/1', '1/2']);
    expect(table.keys()).toEqual(['1/1', '1/2', '11/1', '2/1']);
  });

  it('is the same whatever the order and the number of its writes (I4)', () => {
    const cells = fc.record(
      {
        text: fc.string({ unit: 'binary', maxLength: 3 }),
        id: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }),
        price: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((price) => price + 0),
        flag: fc.boolean(),
        nothing: fc.constantFrom(null, 'something'),
        bytes: fc.uint8Array({ maxLength: 3 }),
      },
      { requiredKeys: [] },
    );
    // Few write times, so that ties are many.
    const writes = fc.array(fc.record({ cells, writeTime: fc.bigInt({ min: T, max: T + 2n }) }), {
      maxLength: 8,
    });
    const shuffled = writes.chain((all) =>
      fc.tuple(
        fc.constant(all),
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        fc.shuffledSubarray(all),
      ),
    );

    fc.assert(
      fc.property(shuffled, ([all, permutation, repeats]) => {
        const table = new MemoryTable();
        const other = new MemoryTable();

        for (const write of all) table.write('1', write.cells, write.writeTime);
        for (const write of [...permutation, ...repeats]) other.write('1', write.cells, write.writeTime);

        expect(other.read('1')).toEqual(table.read('1'));
        expect(other.writeTimes('1')).toEqual(table.writeTimes('1'));
      }),
      { numRuns: 500 },
    );
  });
});
