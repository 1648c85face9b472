import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startMemoryStore } from '../../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../../local/localPart.ts';
import { createMemoryStoreClient } from '../../../shared/store/memoryStoreClient.ts';
import { acceptAll } from '../../support/audit/acceptAll.ts';
import { runTally } from '../../support/commands/runScript.ts';
import { stamp } from '../../support/messages/domain.ts';
import { paymentEntry } from '../../support/messages/entries.ts';
import { deadLetterOf } from '../../support/messages/records.ts';

const INVALID_ID = stamp(2).eventId;
const UNKNOWN_ID = 'a'.repeat(32);

describe('tally dlq discard', () => {
  let memory: LocalPart;
  beforeEach(async () => {
    memory = await startMemoryStore('the test');
    const store = createMemoryStoreClient(memory.env.TALLY_MEMORY_STORE_URL ?? '');
    await acceptAll(store, paymentEntry(1, { orderId: 18n }));
    await store.recordDeadLetter(deadLetterOf(2, { reason: 'invalid', orderId: 18n }));
  });
  afterEach(() => memory.stop());
  const discard = (...words: readonly string[]) =>
    runTally(['dlq', 'discard', ...words, '--because', 'a test'], {
      env: { PATH: process.env.PATH ?? '', TALLY_OPERATOR: 'ann', ...memory.env },
    });

  it('says what it discards, by reason, before it asks and after it has done', async () => {
    const asked = await discard('--order', '18');
    const done = await discard('--order', '18', '--yes');

    expect(asked).toMatchObject({ exitCode: 2, stdout: '' });
    expect(asked.stderr).toContain(
      '2 of 2 dead letters (order 18, state open) would be discarded: 1 unmatched, 1 invalid.',
    );
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: '2 dead letters discarded: 1 unmatched, 1 invalid.\n',
    });
  });

  it('discards what is open, then names the ids that have nothing open, and exits 1', async () => {
    // Without its day, an id is looked for on all days since 2015.
    const day = ['--since', '2024-01-21', '--until', '2024-01-22'];

    const { exitCode, stdout, stderr } = await discard(INVALID_ID, UNKNOWN_ID, ...day, '--yes');

    expect([exitCode, stdout]).toEqual([1, '1 dead letter discarded: 1 invalid.\n']);
    expect(stderr).toContain(`no dead letter to discard (id ${UNKNOWN_ID}, state open, `);
  });
});
