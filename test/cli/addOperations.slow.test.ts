import { beforeAll, describe, expect, it } from 'vitest';
import { orderEntry } from '../support/messages/entries.ts';
import { recordOnly } from '../support/audit/acceptAll.ts';
import { deadLetterOf } from '../support/messages/records.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { createKeyspace } from '../support/commands/createKeyspace.ts';
import { runTally } from '../support/commands/runScript.ts';

const ID = 'a'.repeat(32);
const UNKNOWN_ID = '0'.repeat(32);

describe.skipIf(!hasCassandra)('the commands that change something', () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    env = await createKeyspace(async (store) => {
      await recordOnly(store, orderEntry(0));
      await store.recordDeadLetter(deadLetterOf(0, { id: ID, toldBy: ID, reason: 'invalid' }));
    });
  });

  it.each([
    ['erase --order 888 --because asked --yes', 'nothing was erased, because no table knows order 888'],
    [
      `erase --dead-letter ${UNKNOWN_ID} --because asked --yes`,
      `nothing was erased, because there is no invalid dead letter ${UNKNOWN_ID}`,
    ],
    ['heal 888 --yes', 'no table knows order 888'],
    [`dlq redrive ${UNKNOWN_ID} --dry-run`, `there is no dead letter ${UNKNOWN_ID}`],
    [`dlq redrive ${UNKNOWN_ID} --yes`, `there is no dead letter ${UNKNOWN_ID}`],
    [`dlq discard ${UNKNOWN_ID} --because test --yes`, `no dead letter to discard (id ${UNKNOWN_ID}`],
  ])('exit 1 for what no table knows, and say so: tally %s', async (words, said) => {
    const { exitCode, stderr } = await runTally(words.split(' '), { env });

    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(said)]);
    expect((await runTally(['order', '888'], { env })).exitCode).toBe(1);
  });

  it('exit 1 for a dead letter that is closed already', async () => {
    const words = ['dlq', 'discard', ID, '--because', 'a test', '--yes'];

    const [first, second] = [await runTally(words, { env }), await runTally(words, { env })];

    expect(first).toMatchObject({ exitCode: 0, stdout: '1 dead letter discarded: 1 invalid.\n' });
    expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('it is closed already') });
  });

  // 1 would say of `tally erase` that data is still there.
  it.each(['erase --order 1 --because asked --yes', 'heal 1 --yes', `dlq redrive ${ID} --yes`])(
    'exit 2 when Cassandra does not answer: tally %s',
    async (words) => {
      const { exitCode, stdout, stderr } = await runTally(words.split(' '), {
        env: { ...env, CASSANDRA_CONTACT_POINTS: '127.0.0.1:1' },
      });

      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toContain('could not finish: Cassandra cannot be reached at CASSANDRA_CONTACT_POINTS');
    },
  );
});
