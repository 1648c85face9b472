import { eraseUpTo } from '../../shared/operations/eraseOrder.ts';
import { heal } from '../../shared/operations/heal.ts';
import { EPOCH_MS } from './epochMs.ts';
import type { Erasure } from './oracle.ts';
import { operationOf, type Operator, scheduleCommand } from './scheduleCommand.ts';

/** An operator erases a person's data in an order, which may not have come yet. */
export const scheduleErasure = (operator: Operator, erasure: Erasure): void => {
  const { orderId, publishedAtMs: erasedAtMs } = erasure;
  const deps = { store: operator.store, firstMs: EPOCH_MS };
  const operation = operationOf(`erase ${orderId} ${erasedAtMs}`);
  scheduleCommand(operator, `the erasure of order ${orderId}`, () =>
    eraseUpTo(deps, { orderId, erasedAtMs }, operation),
  );
};

/** An operator heals an order after the last message: what was on its way during an erasure has come. */
export const scheduleHeal = (operator: Operator, orderId: bigint): void => {
  const deps = { store: operator.store, clock: operator.world.pubsubMs, firstMs: EPOCH_MS };
  scheduleCommand(operator, `the healing of order ${orderId}`, () =>
    heal(deps, orderId, operationOf(`heal ${orderId}`)),
  );
};
