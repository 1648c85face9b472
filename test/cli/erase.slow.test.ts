import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../local/localPart.ts';
import { createMemoryStoreClient } from '../../shared/store/memoryStoreClient.ts';
import { runTally } from '../support/commands/runScript.ts';
import { stamp } from '../support/messages/domain.ts';
import { deadLetterOf } from '../support/messages/records.ts';

const [CLEAR_ID, UNCLEAR_ID] = [stamp(1).eventId, stamp(2).eventId];

describe('tally erase', () => {
  let memory: LocalPart;
  beforeAll(async () => {
    memory = await startMemoryStore('the test');
    const store = createMemoryStoreClient(memory.env.TALLY_MEMORY_STORE_URL ?? '');
    for (const [index, body] of ["{'customer_id': 77}", '{"customer":77}', '{"customer_id":78}'].entries())
      await store.recordDeadLetter(
        deadLetterOf(1 + index, {
          reason: 'invalid',
          orderId: undefined,
          sinceMs: Date.now(),
          payload: Buffer.from(body),
          payloadBytes: body.length,
        }),
      );
  });
  afterAll(() => memory.stop());
  const erase = (...words: readonly string[]) =>
    runTally(['erase', ...words, '--because', 'asked', '--yes'], {
      env: { PATH: process.env.PATH ?? '', TALLY_OPERATOR: 'ann', ...memory.env },
    });

  it('takes a customer out of invalid messages, and lists those that a person has to look at', async () => {
    const first = await erase('--customer', '77');
    const byId = await erase('--dead-letter', UNCLEAR_ID);
    const last = await erase('--customer', '77', '--json');

    expect(first).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Erased: 1 dead letter\.\n/) });
    expect(first.stdout).toContain(`name it with --dead-letter:\n  ${UNCLEAR_ID}\nNot reached:\n`);
    expect(first.stdout).not.toContain(CLEAR_ID);
    expect(byId).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^Erased: 1 dead letter\.\n/) });
    expect(JSON.parse(last.stdout)).toMatchObject({ orders: 0, dead_letters: 0, look_at: [] });
  });

  it('says what it cannot find, if it finds nobody', async () => {
    const { exitCode, stdout, stderr } = await erase('--customer', '123');

    expect(exitCode).toBe(1);
    expect(stderr).toContain('nothing was erased, because no table names this customer');
    expect(stdout).toContain('  - invalid messages that have no customer_id as a number');
  });

  it.each([[[]], [['--order', '1', '--customer', '2']]])('takes one thing at a time: %j', async (words) => {
    expect(await erase(...words)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('expected one of --order, --customer and --dead-letter'),
    });
  });
});
