import { inspectOrder } from '../audit/inspectOrder.ts';
import type { Violation } from '../audit/violation.ts';
import type { Mandate } from '../store/operationsStore.ts';
import { heal, type HealDeps, type Healed } from './heal.ts';

/** What a heal wrote, and what it could not mend. */
export interface LookedAfter extends Healed {
  /**
   * What is still broken, one sentence each: no write of ours brings back what others have deleted. What is
   * new and may be in progress is not among it.
   */
  readonly left: readonly string[];
}

/** Heals an order, and looks at it again: what was broken before need not be whole now. */
export const healAndLook = async (
  deps: HealDeps,
  orderId: bigint,
  operation: Mandate,
): Promise<LookedAfter> => {
  const healed = await heal(deps, orderId, operation);
  const { violations } = inspectOrder(await deps.store.findOrderRecord(orderId));
  const isLeft = ({ mayBeInProgress, detail }: Violation): boolean =>
    !mayBeInProgress || healed.problems.includes(detail);
  return { ...healed, left: violations.filter(isLeft).map(({ detail }) => detail) };
};
