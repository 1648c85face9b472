import { describe, expect, it } from 'vitest';
import { findCustomer } from '../../../shared/operations/findCustomer.ts';
import { createMemoryStore } from '../../../shared/store/memoryStore.ts';
import { acceptAll } from '../../support/audit/acceptAll.ts';
import { stamp } from '../../support/messages/domain.ts';
import { orderEntry, paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

const CUSTOMER = 77n;

describe('what names a customer', () => {
  it.each([
    ['{"customer_id":77}', {}, ['theirs'], []],
    ['{"customer":77}', {}, [], ['unclear']],
    ['{"customer_id":777}', {}, [], []],
    ['{"customer_id":777', { payloadSha256: 'f'.repeat(64) }, [], ['unclear']],
    // That is what an erasure leaves of one that was cut.
    ['', { payloadSha256: 'f'.repeat(64) }, [], []],
  ])('may be an invalid body: %s %j', async (body, changes, theirs, unclear) => {
    const store = createMemoryStore();
    // A view into more bytes: only its own ones count.
    const payload = Buffer.from(`{"customer_id":77}${body}{"customer_id":77}`).subarray(18, 18 + body.length);
    await store.recordDeadLetter(
      deadLetterOf(1, { reason: 'invalid', orderId: undefined, payload, ...changes }),
    );

    const found = await findCustomer({ ...store, findPayload: async () => payload }, CUSTOMER);

    const ids = [found.deadLetters, found.unclear].map((rows) => rows.map(({ id }) => id));
    expect(ids).toEqual([theirs, unclear].map((list) => list.map(() => stamp(1).eventId)));
  });

  it('are orders by any version or by their row, and no dead letter that the ledger has', async () => {
    const store = createMemoryStore();
    const body = { payload: Buffer.from('{"customer_id":77}') };
    await acceptAll(
      store,
      orderEntry(1, { orderId: 1n, customerId: CUSTOMER }),
      orderEntry(2, { orderId: 1n, customerId: 78n }),
      orderEntry(3, { orderId: 2n, customerId: 78n }),
      paymentEntry(4, { orderId: 3n }),
    );
    // An entry that cannot be read names nobody.
    store.tables.ledger.write('5/order/7/a', { kind: 'order' }, 1n);
    // A row whose ledger has expired.
    store.tables.facts.write('4', { customer_id: CUSTOMER }, 1n);
    await store.recordDeadLetter(deadLetterOf(10, { ...body, reason: 'conflict', orderId: 2n }));
    await store.recordDeadLetter(deadLetterOf(11, { ...body, reason: 'invalid', orderId: 1n }));
    await store.recordDeadLetter(deadLetterOf(12, { ...body, reason: 'invalid', orderId: 2n }));
    await store.recordDeadLetter(deadLetterOf(13, { ...body, reason: 'invalid', orderId: undefined }));
    const letters = await Array.fromAsync(store.scanDeadLetters());
    const progress: number[] = [];

    const found = await findCustomer(store, CUSTOMER, (rows) => progress.push(rows));

    expect(found.orderIds).toEqual(new Set([1n, 4n]));
    expect(found.deadLetters.map(({ id }) => id).toSorted()).toEqual([12, 13].map((n) => stamp(n).eventId));
    expect(progress).toEqual(Array.from({ length: 5 + letters.length }, (_, index) => index + 1));
  });

  it('are orders of which only an invalid body is known, because the order may still come', async () => {
    const store = createMemoryStore();
    const payload = Buffer.from('{"customer_id":77}');
    await store.recordDeadLetter(deadLetterOf(1, { reason: 'invalid', orderId: 9n, payload }));

    const found = await findCustomer({ ...store, findPayload: async () => payload }, CUSTOMER);

    expect(found).toEqual({ orderIds: new Set([9n]), deadLetters: [], unclear: [] });
  });
});
