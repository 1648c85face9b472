import { describe, expect, it } from 'vitest';
import { describeError } from '../../cli/describeError.ts';

describe('an error for a person', () => {
  it('is its words and those of what caused it', () => {
    const error = new Error('could not look', {
      cause: new Error('no answer', { cause: new Error('ECONNREFUSED') }),
    });

    expect(describeError(error)).toBe('could not look: no answer: ECONNREFUSED');
  });

  it('leaves out a cause that has no words, as Node’s for two addresses of one name', () => {
    expect(describeError(new Error('no answer', { cause: new AggregateError([]) }))).toBe('no answer');
  });

  it('says so when what was thrown is no error', () => {
    expect(describeError('4111111111111111')).toBe('something that is not an Error was thrown');
  });
});
