import { describe, expect, it } from 'vitest';
import { JsonNumber, parseJsonLosslessly } from '../../../shared/messaging/json.ts';

describe('parseJsonLosslessly', () => {
  it.each([
    ['9223372036854775807', 2 ** 63],
    ['1.0', 1],
    ['1e3', 1000],
    ['-0', -0],
    ['1e999', Number.POSITIVE_INFINITY],
  ])('keeps the digits of %s as they were sent', (source, value) => {
    const result = parseJsonLosslessly(source);

    expect(result).toEqual(new JsonNumber(source, value));
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
