import type { LetterFilter } from '../../deadLetterContract.ts';
import { waitingOf } from '../../../shared/operations/selectDiscardable.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { LetterSnapshot } from './letterIndex.ts';
import { toDeadLetterFilter } from './toDeadLetterFilter.ts';

/** How many payments wait for the order of a filter and have no dead letter any more; 0 without an order. */
export const countExpired = async (
  store: Pick<OperationsStore, 'findOrderRecord'>,
  spec: LetterFilter,
  { snapshot, nowMs }: { readonly snapshot: LetterSnapshot; readonly nowMs: number },
): Promise<number> => {
  const filter = toDeadLetterFilter(spec, { snapshot, atMs: nowMs, isDiscard: true });
  const waiting = await waitingOf(store, filter, nowMs);
  for (const { id, reason } of snapshot.letters) if (reason === 'unmatched') waiting.delete(id);
  return waiting.size;
};
