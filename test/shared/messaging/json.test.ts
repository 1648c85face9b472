import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonNumber, parseJsonLosslessly } from '../../../shared/messaging/json.ts';

type Reviver = (key: string, value: unknown, context: { source: string }) => unknown;

const parseWithReviver = (text: string): unknown =>
  (JSON.parse as (text: string, reviver: Reviver) => unknown)(text, (_key, value, { source }) =>
    typeof value === 'number' ? new JsonNumber(source, value) : value,
  );

describe('parseJsonLosslessly', () => {
  it.each([
    ['7', 7],
    ['-1.5', -1.5],
    ['9223372036854775807', 2 ** 63],
    ['1.0', 1],
    ['1e3', 1000],
    ['-0', -0],
    ['1e999', Number.POSITIVE_INFINITY],
  ])('keeps the digits of %s as they were sent', (source, value) => {
    const result = parseJsonLosslessly(source);

    expect(result).toEqual(new JsonNumber(source, value));
  });

  it('keeps digits that stand in strings, and escapes of quotes, apart from the numbers', () => {
    const result = parseJsonLosslessly('{"a": "1.0", "b\\"": "\\"2.0,", "c": [-0, {"d": 1e2}], "e": 3}');

    expect(result).toEqual({
      a: '1.0',
      'b"': '"2.0,',
      c: [new JsonNumber('-0', -0), { d: new JsonNumber('1e2', 100) }],
      e: new JsonNumber('3', 3),
    });
  });

  it('gives numbers under odd names and deep inside the digits that they have', () => {
    const result = parseJsonLosslessly('{"__proto__": 1, "a": [[2, "3", null, true], {"b": 4.25}]}');

    expect(Object.entries(result as object)).toEqual([
      ['__proto__', new JsonNumber('1', 1)],
      ['a', [[new JsonNumber('2', 2), '3', null, true], { b: new JsonNumber('4.25', 4.25) }]],
    ]);
  });

  it('reads any JSON as a reviver does that is told the digits of each number', () => {
    const spelling = fc.constantFrom(
      '0',
      '-0',
      '1',
      '1.0',
      '-1.50',
      '12e3',
      '1E+2',
      '0.1',
      '90071992547409931',
    );
    const text = fc.oneof(
      spelling,
      fc.json(),
      fc.tuple(fc.json(), spelling).map(([a, b]) => `{"x": ${a}, "y": [${b}]}`),
    );

    fc.assert(
      fc.property(text, (json) => {
        expect(parseJsonLosslessly(json)).toStrictEqual(parseWithReviver(json));
      }),
      { numRuns: 1_000 },
    );
  });

  it('leaves everything else as JSON.parse does', () => {
    const text = '{"a": ["1", true, null, {"b": ""}], "__proto__": {"c": "d"}}';

    const result = parseJsonLosslessly(text);

    expect(result).toEqual(JSON.parse(text));
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });

  it('pairs each number with its own digits, in arrays and under names given twice', () => {
    const result = parseJsonLosslessly('{"a": 1.0, "a": 2.0, "1": 3.0, "b": [4.0, {"a": 5.0}]}');

    expect(result).toEqual({
      a: new JsonNumber('2.0', 2),
      1: new JsonNumber('3.0', 3),
      b: [new JsonNumber('4.0', 4), { a: new JsonNumber('5.0', 5) }],
    });
  });

  it('throws on what is not JSON', () => {
    expect(() => parseJsonLosslessly('{')).toThrow(SyntaxError);
  });
});
