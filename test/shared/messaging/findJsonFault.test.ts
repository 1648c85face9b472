import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonFault } from '../../../shared/messaging/findJsonFault.ts';

const SIGNS = Array.from('{}[],:"\\01-.eE+ tfn\n');

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

describe('the first fault of a JSON text', () => {
  it.each([
    ['', 'end', 0],
    ['{"a": 1', 'end', 7],
    ['"abc', 'end', 4],
    ['"ab\\', 'end', 4],
    ['{"a": 1}{"a": 2}', 'more', 8],
    ['{"a": 1}\n{"a": 2}\n', 'more', 9],
    ['1 2', 'more', 2],
    ['[1, NaN]', 'unexpected', 4],
    ['[1, -Infinity]', 'unexpected', 4],
    ["{'a': 1}", 'unexpected', 1],
    ['{"a" 1}', 'unexpected', 5],
    ['{"a": 1,}', 'unexpected', 8],
    ['[1,]', 'unexpected', 3],
    ['[1}', 'unexpected', 2],
    ['[01]', 'unexpected', 1],
    ['[1.]', 'unexpected', 1],
    ['[truely]', 'unexpected', 1],
    ['"a\u0001"', 'unexpected', 0],
    ['"\\x41"', 'unexpected', 0],
    ['"\\u00zz"', 'unexpected', 0],
    ['["\\u00e4", NaN]', 'unexpected', 11],
    ['[1e5, NaN]', 'unexpected', 6],
    ['[1.25E-10, NaN]', 'unexpected', 11],
    ['\ufeff1', 'unexpected', 0],
  ])('of %j is %s at %i', (text, kind, index) => {
    expect(findJsonFault(text)).toEqual({ kind, index });
  });

  it.each(['-', '0.', '-12.', '1e', '12e+', '1.5E', '1.25e', '1.25e-'])('is the end of %j', (text) => {
    expect(findJsonFault(text)).toEqual({ kind: 'end', index: text.length });
  });

  it.each(['true', 'false', 'null'])('is the end of every beginning of %s', (word) => {
    for (let length = 1; length < word.length; length += 1) {
      expect(findJsonFault(word.slice(0, length))).toEqual({ kind: 'end', index: length });
    }
    expect(findJsonFault(word)).toBeUndefined();
  });

  it('is there exactly when the engine refuses the text', () => {
    const mutated = fc
      .tuple(fc.jsonValue(), fc.nat(), fc.constantFrom(...SIGNS, 'NaN', 'null', "'"), fc.boolean())
      .map(([value, at, sign, isInserted]) => {
        const text = JSON.stringify(value);
        const index = at % (text.length + 1);
        return text.slice(0, index) + sign + text.slice(isInserted ? index : index + 1);
      });
    const texts = fc.oneof(mutated, fc.json(), fc.string({ unit: fc.constantFrom(...SIGNS) }));
    fc.assert(
      fc.property(texts, (text) => {
        expect(findJsonFault(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('is where the text before it could still become JSON', () => {
    const texts = fc.string({ unit: fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '1', 'null', ' ') });
    // What each beginning could be continued with. The depth of these texts is small.
    const ends = ['', '1', '"a":1', ':1', ',1', '1]', ']', '}'];
    const close = (text: string): string[] => {
      const open: string[] = [];
      for (const sign of text) {
        if (sign === '{' || sign === '[') open.push(sign === '{' ? '}' : ']');
        else if (sign === '}' || sign === ']') open.pop();
      }
      return ends.map((end) => text + end + open.toReversed().join(''));
    };
    fc.assert(
      fc.property(texts, (text) => {
        const fault = findJsonFault(text);
        if (fault === undefined || fault.kind === 'end') return;
        const start = text.slice(0, fault.index);
        expect(close(start).some((whole) => isJson(whole))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is found in a text of a million characters', () => {
    expect(findJsonFault(`["${'a'.repeat(1_000_000)}", NaN]`)).toEqual({
      kind: 'unexpected',
      index: 1_000_005,
    });
  });
});
