import { decide } from '../../shared/operations/decide.ts';
import { eraseUpTo } from '../../shared/operations/eraseOrder.ts';
import { heal } from '../../shared/operations/heal.ts';
import { EPOCH_MS } from './epochMs.ts';
import type { Erasure } from './oracle.ts';
import { operationOf, type Operator, scheduleCommand } from './scheduleCommand.ts';

const RECORDED_FIRST_SHARE = 0.7;

/**
 * An operator erases a person's data in an order. The order may not have come yet. So the decision is
 * recorded in any case, and covers what comes later and was published before. Some record it first, while the
 * order's messages are on their way.
 */
export const scheduleErasure = (operator: Operator, erasure: Erasure): void => {
  const { orderId, publishedAtMs: erasedAtMs } = erasure;
  const operation = operationOf(`erase ${orderId} ${erasedAtMs}`);
  const deps = { store: operator.store, firstMs: EPOCH_MS };
  const erase = () => eraseUpTo(deps, { orderId, erasedAtMs }, operation);
  const record = () =>
    decide(operator.store, { orderId, decision: 'erased', ref: '', decidedAtMs: erasedAtMs }, operation);
  const steps = operator.random.chance(RECORDED_FIRST_SHARE) ? [record, erase] : [erase, record];
  scheduleCommand(operator, `the erasure of order ${orderId}`, async () => {
    for (const step of steps) await step();
  });
};

/** An operator heals an order after the last message: what was on its way during an erasure has come. */
export const scheduleHeal = (operator: Operator, orderId: bigint): void => {
  const deps = { store: operator.store, clock: operator.world.pubsubMs, firstMs: EPOCH_MS };
  scheduleCommand(operator, `the healing of order ${orderId}`, () =>
    heal(deps, orderId, operationOf(`heal ${orderId}`)),
  );
};
