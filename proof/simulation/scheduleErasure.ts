import { decideErased, eraseUpTo } from '../../shared/operations/eraseOrder.ts';
import { heal } from '../../shared/operations/heal.ts';
import { EPOCH_MS } from './epochMs.ts';
import type { Erasure } from './oracle.ts';
import { operationOf, type Operator, scheduleCommand } from './scheduleCommand.ts';

const ERASED_BEFORE_SHARE = 0.7;

/**
 * An operator erases a person's data in an order, which may not have come yet. Some have done that before, so
 * the decision is there early, while the order's messages are on their way.
 */
export const scheduleErasure = (operator: Operator, erasure: Erasure): void => {
  const { orderId, publishedAtMs: erasedAtMs } = erasure;
  const { store, random, world } = operator;
  const operation = operationOf(`erase ${orderId} ${erasedAtMs}`);
  const isErasedBefore = random.chance(ERASED_BEFORE_SHARE);
  scheduleCommand(operator, `the erasure of order ${orderId}`, async () => {
    world.checks.onErasing(erasure);
    if (isErasedBefore) await decideErased(store, { orderId, erasedAtMs }, operation);
    await eraseUpTo({ store, firstMs: EPOCH_MS }, { orderId, erasedAtMs }, operation);
    world.checks.onErased(erasure);
  });
};

/** An operator heals an order after the last message: what was on its way during an erasure has come. */
export const scheduleHeal = (operator: Operator, orderId: bigint): void => {
  const deps = { store: operator.store, clock: operator.world.pubsubMs, firstMs: EPOCH_MS };
  scheduleCommand(operator, `the healing of order ${orderId}`, () =>
    heal(deps, orderId, operationOf(`heal ${orderId}`)),
  );
};
