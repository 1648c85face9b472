import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../proof/until.ts';
import { findDeadLetters } from '../../shared/operations/findDeadLetters.ts';
import type { CassandraConfig } from '../../shared/config.ts';
import { createCassandraOperationsStore } from '../../shared/store/cassandraOperationsStore.ts';
import { ANY_DEAD_LETTER } from '../../shared/operations/deadLetterFilter.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import type { Pipeline } from '../support/functions/pipeline.ts';
import { recordOnly } from '../support/audit/acceptAll.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';
import { orderBody, paymentBody } from '../support/messages/bodies.ts';
import { inject } from 'vitest';

const PROJECT_FOLDER = join(import.meta.dirname, '../..');
const page = await readFile(join(PROJECT_FOLDER, 'docs/runbook.md'), 'utf8');

/** Tally's commands under a heading, in their order. */
const commandsUnder = (heading: string): readonly string[] => {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const blocks = Array.from(section.matchAll(/^```sh\n([^]*?)^```/gm), ([, block = '']) => block);
  return blocks
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('npx tally '));
};

/** All commands of the page. */
const ALL = Array.from(page.matchAll(/^```sh\n([^]*?)^```/gm), ([, block = '']) => block.split('\n'))
  .flat()
  .filter((line) => line.startsWith('npx tally '));
/** Those that a test has run. */
const ran = new Set<string>();

/** Commands that ask, where a person can be asked. */
const ASKING =
  /\btally (?:dlq (?:redrive|edit|discard)|findings resolve|heal|erase|replay|retention --days)\b[^|]*$/;

/** Runs commands of the page in one shell, with our values in place of the page's. */
const createRun =
  (place: () => { readonly config: CassandraConfig; readonly projectId: string; readonly folder: string }) =>
  async (
    commands: readonly string[],
    values: Readonly<Record<string, string>> = {},
  ): Promise<{ exitCode: unknown; stdout: string; stderr: string }> => {
    const { config, projectId, folder } = place();
    let script = commands.map((line) => (ASKING.test(line) ? `${line} --yes` : line)).join('\n');
    for (const [value, ours] of Object.entries(values)) script = script.replaceAll(value, ours);
    const tally = join(PROJECT_FOLDER, 'cli/tally.ts');
    const npx = `set -e\nnpx() { shift; "${process.execPath}" "${tally}" "$@"; }\n`;
    const env = {
      PATH: process.env.PATH ?? '',
      CASSANDRA_CONTACT_POINTS: `${config.contactPoints[0]}:${config.port}`,
      CASSANDRA_KEYSPACE: config.keyspace,
      PUBSUB_EMULATOR_HOST: inject('pubsub') ?? '',
      GOOGLE_CLOUD_PROJECT: projectId,
      TALLY_OPERATOR: 'ann',
    };
    for (const line of commands) ran.add(line);
    return new Promise((resolve) => {
      execFile('bash', ['--norc', '-c', npx + script], { cwd: folder, env }, (error, stdout, stderr) =>
        resolve({ exitCode: error?.code ?? 0, stdout, stderr }),
      );
    });
  };

describe.skipIf(!hasCassandra)('the commands of docs/runbook.md', () => {
  const { client, config, start } = setUpIntegration();
  let pipeline: Pipeline;
  let folder = '';
  const lettersOf = async (orderId: bigint): Promise<readonly DeadLetterRow[]> => {
    const store = createCassandraOperationsStore(client());
    const filter = { ...ANY_DEAD_LETTER, orderId };
    return (await Array.fromAsync(findDeadLetters(store, filter, { nowMs: Date.now() }))).flat();
  };
  const run = createRun(() => ({ config: config(), projectId: pipeline.projectId, folder }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-runbook-'));
    pipeline = await start();
    const { publish } = pipeline;
    await publish('orders_data', orderBody(17));
    await publish('payments_data', paymentBody(17, { payment_id: 1017 }));
    await publish('payments_data', paymentBody(17, { payment_id: 2017 }));
    await publish('payments_data', paymentBody(18));
    // It waited for long before it was read.
    const daysAgo = new Date(Date.now() - 20 * 86_400_000).toISOString();
    await publish('orders_data', orderBody(19, { price: '1,403.00' }), {
      tally_origin_publish_time: daysAgo,
    });
    await publish('orders_data', orderBody(20));
    await publish('payments_data', paymentBody(20));
    await publish('payments_data', paymentBody(20, { payment_method: 'Cash' }));
    const together = { tally_origin_publish_time: '2026-01-01T00:00:00.000Z' };
    await publish('orders_data', orderBody(21), together);
    await publish('orders_data', orderBody(21, { item: 'Phone' }), together);
    await publish('orders_data', orderBody(22, { customer_id: 5017 }));
    await pipeline.untilSettled(11);
    await until('all dead letters', async () => {
      const told = await Promise.all([17n, 18n, 19n, 20n, 21n].map(lettersOf));
      return told.every(({ length }) => length > 0);
    });
    await writeFile(join(folder, 'corrected.json'), JSON.stringify(orderBody(19, { price: 1403 })));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('say what is where, and whether a promise is broken', async () => {
    const { exitCode, stdout } = await run(commandsUnder('Is everything where it should be?'));

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^orders +4$/m);
    expect(stdout).toMatch(/^conflict +1 /m);
    expect(stdout).toMatch(/^violations +0 /m);
    expect(stdout).toContain('Order 17 is here.');
  });

  it('find, correct, send again and discard an invalid message', async () => {
    const commands = commandsUnder('Dead letters with the reason `invalid`');
    const [letter] = await lettersOf(19n);

    const result = await run(commands, { '000003e7000003e7000003e7000003e7': letter?.id ?? '' });

    expect(commands).toHaveLength(8);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout.match(/^\{"total":1,/gm)).toHaveLength(2);
    expect(result.stdout).toContain(`Dead letter ${letter?.id} (invalid) is open.`);
    expect(result.stdout).toMatch(/^Sent as message \w+ to orders_data\.$/m);
    // What was edited is open no more, so there is nothing to send again or to discard.
    expect(result.stdout).toContain('0 messages would be sent. Nothing was sent.');
    expect(result.stdout).toMatch(/\{"total":0,[^\n]*\}\n$/);
    await until('the corrected order', async () => (await lettersOf(19n)).length === 1);
    // Five commands read 31 days each, shard by shard.
  }, 180_000);

  it.each([
    ['Two payments for one order', 'conflict', 17],
    ['One payment with two contents', 'changed', 20],
    ['Two versions of one order', 'rivals', 21],
  ])('resolve a finding, under "%s"', async (heading, reason, orderId) => {
    const commands = commandsUnder(heading);

    const { exitCode, stdout } = await run(commands);

    expect(commands).toHaveLength(4);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`Resolved: ${reason}, since `)]);
    expect(stdout).toContain(`Order ${orderId} is here.`);
    expect(stdout).toContain('1 finding stands:');
    expect(stdout.endsWith('No finding stands.\n')).toBe(true);
  });

  it('look for orders with too many events', async () => {
    const { exitCode, stdout } = await run(commandsUnder('Too many events for one order'));

    expect([exitCode, stdout]).toEqual([0, 'No finding stands.\n']);
  });

  it('end the alert about a payment whose order never comes', async () => {
    const { exitCode, stdout } = await run(commandsUnder('A payment waits too long'));

    expect([exitCode, stdout.split('\n')[0]]).toEqual([0, '1 payment waits for its order.']);
    expect(stdout).toContain('1 dead letter discarded: 1 unmatched.');
    expect(stdout.endsWith('0 payments wait for their orders.\n')).toBe(true);
  });

  it('erase a customer, after which the audit is clean', async () => {
    const { exitCode, stdout } = await run(commandsUnder('A person asks to be forgotten'));

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^violations +0 /m);
    expect(stdout).toContain('  customer_id       unset\n');
  });

  it('set how long dead letters are kept', async () => {
    const { exitCode, stdout } = await run(commandsUnder('How long dead letters are kept'));

    expect([exitCode, stdout]).toEqual([
      0,
      'Dead letters are kept for ever.\n' +
        'Dead letters are kept for 90 days after they are recorded. ' +
        'The ledger and what was done with dead letters are kept for ever.\n',
    ]);
  });

  it('list all that was done, by whom and why', async () => {
    const { exitCode, stdout, stderr } = await run(commandsUnder('Before you type'));

    expect(exitCode).toBe(0);
    expect(stdout).toContain('  dlq edit by ann (id ');
    expect(stdout).toContain('  because: refunded by hand\n  1 finding resolved');
    expect(stderr).toMatch(/^Target: keyspace test_\w+, Cassandra at /);
  });

  it('bring the tables up to date, and change nothing that is', async () => {
    const { exitCode, stdout } = await run(commandsUnder('Schema'));

    expect(exitCode).toBe(0);
    expect(stdout).not.toContain('applied ');
  });
});

describe.skipIf(!hasCassandra)('the commands of docs/runbook.md about a violation', () => {
  const { client, config, store, start } = setUpIntegration();
  let pipeline: Pipeline;
  let folder = '';
  const run = createRun(() => ({ config: config(), projectId: pipeline.projectId, folder }));
  const look = (heading: string) => run(commandsUnder(heading).slice(0, 1), { '720': '0' });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-runbook-'));
    pipeline = await start();
    const { publish } = pipeline;
    await publish('orders_data', orderBody(24));
    await publish('payments_data', paymentBody(24, { payment_id: 1024 }));
    await publish('payments_data', paymentBody(24, { payment_id: 2024 }));
    await pipeline.untilSettled(3);
    const connection = await client().connect();
    // What a restore of an older backup leaves: what people were told is there, and what it is about is not.
    for (const table of ['ledger_by_order', 'orders_payments_facts'])
      await connection.execute(`TRUNCATE ${table}`);
    // A function that dies after it has recorded leaves this.
    await recordOnly(store(), orderEntry(1, { orderId: 17n }), paymentEntry(2, { orderId: 17n }));
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('show it, write what is missing, bring back what is lost, and end with a clean audit', async () => {
    const commands = commandsUnder('A violation');
    const [verify, replay, ...others] = commands.toReversed();

    const seen = await look('A violation');
    const healed = await run(others.toReversed().slice(1));
    const lost = await run(['npx tally audit --patience-seconds 0']);
    const replayed = await run([replay ?? '']);
    const again = await until(
      'all messages again',
      async () => {
        const result = await run([verify ?? '']);
        return result.exitCode === 0 ? result : undefined;
      },
      60_000,
    );

    expect([verify, replay]).toEqual(['npx tally audit', 'npx tally replay --since 2h']);
    expect(seen.exitCode).not.toBe(0);
    expect(seen.stdout).toContain('I3: order 17');
    expect(seen.stdout).toMatch(/I1: .*24/);
    expect(healed).toMatchObject({ exitCode: 0 });
    expect(healed.stdout).toContain('Order 17: written again, because ');
    expect(healed.stdout).toContain('It shows payment 1001: Completed.');
    // The ledger of order 24 is lost, so there was nothing to fold.
    expect(lost.stdout).toMatch(/I1: .*24/);
    expect(replayed.stdout).toContain(
      'Delivered again: 1 message of orders_data, 2 messages of payments_data, the oldest published at ',
    );
    expect(again.stdout).toMatch(/^violations +0 /m);
    expect(again.stdout).toMatch(/^orders +2$/m);
  });

  it('tell what is broken from what is in progress', async () => {
    const { exitCode, stdout } = await look('Broken or in progress');

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^violations +0 /m);
  });
});

describe.skipIf(!hasCassandra)('docs/runbook.md', () => {
  it('has no command that no test runs', () => {
    expect(ALL.length).toBeGreaterThan(40);
    expect(ALL.filter((line) => !ran.has(line))).toEqual([]);
  });
});
