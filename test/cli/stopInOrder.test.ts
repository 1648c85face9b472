import { expect, it } from 'vitest';
import { stopInOrder } from '../../cli/stopInOrder.ts';
import { errorOf } from '../support/errorOf.ts';

it('stops what is left after an error, in its order, and then throws the first error', async () => {
  const stopped: string[] = [];
  const stop = (name: string, error?: Error) => async (): Promise<void> => {
    await Promise.resolve();
    stopped.push(name);
    if (error !== undefined) throw error;
  };

  const error = await errorOf(
    stopInOrder([stop('page', new Error('no page')), stop('feed', new Error('no feed')), stop('system')]),
  );

  expect(stopped).toEqual(['page', 'feed', 'system']);
  expect(error.message).toBe('no page');
});
