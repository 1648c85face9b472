import { errors, types } from 'cassandra-driver';
import { describe, expect, it, vi } from 'vitest';
import { TransientError } from '../../../../shared/errors.ts';
import { retryRaces } from '../../../../shared/store/migration/retryRaces.ts';
import { SchemaError } from '../../../../shared/store/migration/schemaError.ts';

const { invalid, unauthorized, syntaxError, configError, alreadyExists, unavailableException, writeTimeout } =
  types.responseErrorCodes;

/** Work that fails with these errors, one after another, and then succeeds. */
const failing = (...failures: readonly Error[]) => {
  const left = [...failures];
  return vi.fn<() => Promise<string>>(() => {
    const failure = left.shift();
    return failure === undefined ? Promise.resolve('done') : Promise.reject(failure);
  });
};

const answer = (code: number): Error => new errors.ResponseError(code, `answer ${code}`);

describe('work on a schema', () => {
  const run = (work: () => Promise<string>): Promise<unknown> =>
    retryRaces(work, async () => {}).catch((error: unknown) => error);

  it.each([
    ['a table that one node does not know yet', answer(invalid)],
    ['a table with two ids', answer(configError)],
    ['a table that somebody else made', answer(alreadyExists)],
    ['too few replicas', answer(unavailableException)],
    ['a timeout', answer(writeTimeout)],
    ['a node that went away', new errors.NoHostAvailableError({}, 'none')],
  ])('is repeated after %s', async (_what, error) => {
    const work = failing(...Array.from({ length: 9 }, () => error));

    expect(await run(work)).toBe('done');
    expect(work).toHaveBeenCalledTimes(10);
  });

  it('waits longer each time, but not long', async () => {
    const waited: number[] = [];

    await retryRaces(failing(...Array.from({ length: 5 }, () => answer(invalid))), async (ms) =>
      waited.push(ms),
    );

    expect(waited).toEqual([500, 1000, 1500, 2000, 2000]);
  });

  it('is given up after ten attempts', async () => {
    const work = failing(...Array.from({ length: 20 }, () => answer(invalid)));

    expect(await run(work)).toMatchObject({ message: `answer ${invalid}` });
    expect(work).toHaveBeenCalledTimes(10);
  });

  it.each([
    ['what Tally refuses', new SchemaError('no')],
    ['wrong CQL', answer(syntaxError)],
    ['a user without the right', answer(unauthorized)],
    ['a bug', new TypeError('bug')],
  ])('is not repeated after %s', async (_what, error) => {
    const work = failing(error);

    expect(await run(work)).toBe(error);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('says in a sentence that too few replicas answer, or that none does', async () => {
    const unavailable = await run(failing(...Array.from({ length: 10 }, () => answer(unavailableException))));
    const silent = await run(failing(...Array.from({ length: 10 }, () => answer(writeTimeout))));

    expect(unavailable).toBeInstanceOf(SchemaError);
    expect(unavailable).toMatchObject({
      message: 'too few replicas answer for LOCAL_QUORUM: start the nodes that are down',
    });
    expect(silent).toBeInstanceOf(TransientError);
  });
});
