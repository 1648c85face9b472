import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMemoryStore } from '../../local/cassandra/startMemoryStore.ts';
import type { LocalPart } from '../../local/localPart.ts';
import { openFindings } from '../../shared/operations/resolve.ts';
import { LEDGER_CHARACTERS_MAX } from '../../shared/store/store.ts';
import { createMemoryStoreClient } from '../../shared/store/memoryStoreClient.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { runTally } from '../support/commands/runScript.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';

const PAID_TWICE = 'conflict, since 2024-01-21T10:00:00.124Z: order 1 is paid by 2 payments: 1, 2';
const NONE = 'has no finding that nobody has resolved';

describe('tally findings', () => {
  let memory: LocalPart;
  const store = () => createMemoryStoreClient(memory.env.TALLY_MEMORY_STORE_URL ?? '');
  const run = (...words: readonly string[]) =>
    runTally(['findings', ...words], { env: { PATH: process.env.PATH ?? '', ...memory.env } });
  const resolve = (...words: readonly string[]) => run('resolve', ...words, '--because', 'refunded');
  beforeAll(async () => {
    memory = await startMemoryStore('the test');
    const [first, second] = [1, 2].map((number) => paymentEntry(number, { paymentId: BigInt(number) }));
    if (first === undefined || second === undefined) throw new Error('two are needed');
    await acceptAll(store(), orderEntry(3), first, second);
    const paymentDatetime = 'x'.repeat(LEDGER_CHARACTERS_MAX / 50);
    const long = Array.from({ length: 51 }, (_, index) =>
      paymentEntry(10 + index, { orderId: 2n, paymentDatetime }),
    );
    await recordOnly(store(), ...long);
  });
  afterAll(() => memory.stop());

  it('has too_many for an order whose ledger is too long to be read', async () => {
    const { stdout } = await run();

    expect(stdout).toContain('2 findings stand:\n');
    expect(stdout).toContain(`  ${PAID_TWICE}\n`);
    expect(stdout).toMatch(
      /^ {2}too_many, since .*: order 2 has too many payment events or versions of one time, or too much text to be read$/m,
    );
  });

  it('resolve lists what it would resolve, and where nobody can be asked it does nothing', async () => {
    const { exitCode, stderr } = await resolve('1', '71');

    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      `\n  ${PAID_TWICE}\ntally: 1 finding (order 1 or 71) would be resolved. Nothing was`,
    );
  });

  it('resolve leaves what has changed since it was seen, and says so', async () => {
    const [seen] = openFindings(await store().findOrderRecord(1n));
    const ref = seen?.ref ?? '';
    await acceptAll(store(), paymentEntry(4, { paymentId: 4n }));

    const { exitCode, stdout, stderr } = await resolve('1', '--ref', ref, '--yes');

    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(`nothing was resolved: no finding "${ref}" stands: it has changed`);
    expect((await run()).stdout).toContain('order 1 is paid by 3 payments: 1, 2, 4');
  });

  it('resolve takes what was seen, and exits 1 for an order that has nothing', async () => {
    const listed = await run('--reason', 'conflict', '--json');
    const { ref } = JSON.parse(listed.stdout.split('\n')[0] ?? '');

    const seen = await resolve('1', '--ref', ref, '--yes');
    const both = await resolve('2', '71', '--yes');
    const none = await resolve('1', '--yes');

    expect(seen).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Resolved: conflict, since '),
    });
    expect(both).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('Resolved: too_many, since '),
      stderr: expect.stringContaining(`not all was resolved: order 71 ${NONE}`),
    });
    expect(none).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`order 1 ${NONE}`) });
    expect((await run()).stdout).toBe('No finding stands.\n');
  });
});
