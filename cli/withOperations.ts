import type { Environment } from '../shared/config.ts';
import { type OpenedStore, openOperationsStore } from '../shared/store/openOperationsStore.ts';
import { couldNotBegin } from './couldNotBegin.ts';
import { chooseTarget, type Target } from './target.ts';
import { toUnableError } from './toUnableError.ts';

interface WithOptions {
  readonly json: boolean;
  /** It changes the tables. Default: it does not. */
  readonly writes?: boolean;
  /** It publishes too. Default: it does not. */
  readonly publishes?: boolean;
}

/**
 * Opens the tables for a command, says which they are, and closes them in the end.
 * @throws UnableError when the target is not clear, when the store or Pub/Sub does not answer, or when the
 * login may not do this.
 */
export const withOperations = async <Result>(
  env: Environment,
  { json, writes = false, publishes = false }: WithOptions,
  work: (store: OpenedStore, target: Target) => Promise<Result>,
): Promise<Result> => {
  const target = await chooseTarget(env, { writes, publishes, json }).catch(couldNotBegin);
  const store = await openOperationsStore(target.config.store);
  try {
    return await work(store, target);
  } catch (error) {
    throw toUnableError(error);
  } finally {
    await store.close();
  }
};
