import { beforeAll, describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../shared/messaging/eventIdOf.ts';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { deadLetterOf } from '../../support/messages/records.ts';
import { hasCassandra } from '../../support/cassandra/testKeyspace.ts';
import { createKeyspace } from '../../support/commands/createKeyspace.ts';
import { runTally } from '../../support/commands/runScript.ts';

const ID = eventIdOf('orders_data', PUBLISHED_AT_MS, orderBytes());
const CUT_ID = 'c'.repeat(32);

describe.skipIf(!hasCassandra)('tally dlq redrive', () => {
  let env: Record<string, string>;
  beforeAll(async () => {
    env = await createKeyspace(async (store) => {
      const invalid = {
        reason: 'invalid',
        originTopic: 'orders_data',
        publishedAtMs: PUBLISHED_AT_MS,
      } as const;
      const message = { ...invalid, sinceMs: PUBLISHED_AT_MS, payload: orderBytes(), paymentId: undefined };
      await store.recordDeadLetter(deadLetterOf(0, { ...message, id: ID, toldBy: ID }));
      await store.recordDeadLetter(
        deadLetterOf(0, { ...message, id: CUT_ID, toldBy: CUT_ID, payloadSha256: 'f'.repeat(64) }),
      );
    });
  });
  const run = (...args: readonly string[]) => runTally(['dlq', 'redrive', '--order', '1', ...args], { env });

  it('says with --dry-run exactly what would be sent, and what not and why', async () => {
    const text = await run('--dry-run');
    const json = await run('--dry-run', '--json');

    expect(text).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        new RegExp(`^send      ${ID}  invalid    \\d+ bytes to orders_data, redrive 1$`, 'm'),
      ),
    });
    expect(text.stdout).toContain(`not sent  ${CUT_ID}  invalid: its payload was cut`);
    expect(text.stdout).toContain('1 message would be sent. Nothing was sent.');
    const lines = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        id: ID,
        sends: true,
        topic: 'orders_data',
        attributes: expect.objectContaining({
          tally_origin_publish_time: new Date(PUBLISHED_AT_MS).toISOString(),
          tally_redrive_count: '1',
        }),
      }),
    );
    expect(lines.at(-1)).toMatchObject({ would_send: 1, left: 0 });
  });

  it('sends nothing where nobody can be asked, unless it is told to', async () => {
    const { exitCode, stderr } = await run();
    const history = await runTally(['dlq', 'history', '--json'], { env });

    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      '1 message would be sent. Nothing was done: nobody can be asked here, so add --yes',
    );
    expect(history.stdout).toBe('');
  });

  it('fails, and says how far it came, when Pub/Sub has no such topic', async () => {
    const { exitCode, stdout, stderr } = await run('--yes');
    const history = await runTally(['dlq', 'history', '--json'], { env });

    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('0 messages sent.')]);
    expect(stderr).toMatch(/the redrive stopped after 0 messages: publish to orders_data was not confirmed/);
    expect(JSON.parse(history.stdout)).toMatchObject({
      action: 'dlq redrive',
      filter: 'order 1, state open',
      result: 'failed: the redrive stopped after 0 messages',
    });
  });

  it.each([
    ['an option that is none', ['--rate', '0'], 'Expected a whole number from 1 to 5000.'],
    ['an id that is none', ['17'], 'Expected the id of a dead letter, 32 hex digits.'],
    ['a place that is none', ['--after', 'here'], 'Expected a place as this command prints it'],
  ])('refuses %s', async (_what, args, said) => {
    const { exitCode, stderr } = await run(...args);

    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(said)]);
  });
});
