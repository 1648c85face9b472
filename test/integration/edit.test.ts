import { expect, it, onTestFinished } from 'vitest';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { editDeadLetter } from '../../shared/operations/editDeadLetter.ts';
import { findDeadLetters } from '../../shared/operations/findDeadLetters.ts';
import { ANY_DEAD_LETTER } from '../../shared/operations/deadLetterFilter.ts';
import { createMemoryStore } from '../../shared/store/memoryStore.ts';
import { orderBody } from '../support/messages/bodies.ts';
import { startPipeline } from '../support/functions/pipeline.ts';

const OPERATION = { operationId: 'op-1', operator: 'ann', because: 'a word as the quantity' };

it('a corrected copy hides nothing that was sent after its original, and is one event however often it is sent', async () => {
  const store = createMemoryStore();
  const pipeline = await startPipeline({ store });
  const publisher = createPublisher({ projectId: pipeline.projectId, environment: undefined });
  onTestFinished(async () => {
    await publisher.close();
    await pipeline.stop();
  });
  const pending = orderBody(7, { order_status: 'Pending' });
  await pipeline.publish('orders_data', { ...pending, quantity: 'two' });
  await pipeline.untilSettled(1);
  await pipeline.publish('orders_data', orderBody(7, { order_status: 'Shipped' }));
  await pipeline.untilSettled(2);
  const scan = findDeadLetters(store, ANY_DEAD_LETTER, { nowMs: Date.now() });
  const [letter] = (await Array.fromAsync(scan)).flat();
  if (letter === undefined) throw new Error('expected a dead letter');

  const deps = { store, publisher, clock: Date.now };
  const body = Buffer.from(JSON.stringify(pending));
  await editDeadLetter(deps, letter, body, OPERATION);
  await editDeadLetter(deps, letter, body, OPERATION);
  await pipeline.untilSettled(4);

  const { fact, ledger } = await store.findOrderRecord(7n);
  expect(fact?.order).toMatchObject({ orderStatus: 'Shipped' });
  expect(ledger).toHaveLength(2);
});
