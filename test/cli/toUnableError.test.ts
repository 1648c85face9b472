import { errors, types } from 'cassandra-driver';
import { expect, it } from 'vitest';
import { describeError } from '../../cli/describeError.ts';
import { toUnableError } from '../../cli/toUnableError.ts';
import { TransientError } from '../../shared/errors.ts';

const { unauthorized, syntaxError } = types.responseErrorCodes;

it.each([
  [new TransientError('the store did not answer'), 'could not finish: the store did not answer'],
  [new errors.ResponseError(unauthorized, 'no MODIFY'), 'the login may not do this: no MODIFY'],
])('a command was not able to do its work: %s', (error, said) => {
  const unable = toUnableError(error);

  expect(unable).toMatchObject({ name: 'UnableError' });
  expect(describeError(unable)).toBe(said);
});

it.each([new errors.ResponseError(syntaxError, 'no viable alternative'), new Error('a bug'), 'a text'])(
  'another error is passed on: %s',
  (error) => {
    expect(toUnableError(error)).toBe(error);
  },
);
