import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJsonLine } from '../../cli/toJsonLine.ts';
import { findFreePort } from '../../local/ports.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { targetLine } from '../support/commands/commandEnv.ts';
import { createKeyspace, fillKeyspace } from '../support/commands/createKeyspace.ts';
import { runTally } from '../support/commands/runScript.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { NOTHING_EXPECTED } from '../support/audit/nothingExpected.ts';
import { EMPTY_COUNTS } from '../support/audit/auditReport.ts';
import { orderEntry, paymentEntry } from '../support/messages/entries.ts';

const answer = (expected: object): string =>
  JSON.stringify({
    runId: 'r',
    expected: { ...NOTHING_EXPECTED, ...expected },
  });

describe.skipIf(!hasCassandra)('tally audit', () => {
  let clean: Record<string, string>;
  /** A payment that waits, and nobody was told. */
  let halfDone: Record<string, string>;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-audit-'));
    clean = await createKeyspace((store) => acceptAll(store, orderEntry(1), paymentEntry(2)));
    halfDone = await createKeyspace((store) => recordOnly(store, paymentEntry(2)));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const fileWith = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };

  it('exits 0 on clean tables and prints what they hold', async () => {
    const { exitCode, stdout, stderr } = await runTally(['audit'], { env: clean });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^orders +1$/m);
    expect(stdout).toMatch(/^violations +0  broken promises$/m);
    expect(stderr).toBe(targetLine(clean));
  });

  it('prints a row for each order, payment, finding and dead letter with --csv, for a spreadsheet', async () => {
    const env = await createKeyspace(async (store) => {
      await acceptAll(
        store,
        orderEntry(1),
        paymentEntry(2),
        paymentEntry(3, { paymentId: 7n }),
        paymentEntry(4, { orderId: 9n }),
        orderEntry(5, { orderId: 10n }),
      );
    });

    const { exitCode, stdout } = await runTally(['audit', '--csv'], { env });
    const both = await runTally(['audit', '--csv', '--json'], { env });

    const rows = stdout.trimEnd().split('\n');
    expect([exitCode, rows[0]]).toEqual([0, 'bucket,order_id,payment_id,since,detail']);
    expect(rows.slice(1).toSorted()).toEqual([
      expect.stringMatching(
        /^"?conflict,1,,2024-01-21T10:00:00\.125Z,"order 1 is paid by 2 payments: 1001, 7"$/,
      ),
      expect.stringMatching(
        /^dead letter open,1,7,2024-01-21T10:00:00\.126Z,"conflict \w{32}: order 1 is paid/,
      ),
      expect.stringMatching(
        /^dead letter open,9,1001,2024-01-21T10:00:00\.127Z,unmatched \w{32}: payment 1001 waits/,
      ),
      'paid,1,7,,Completed',
      'parked,9,1001,2024-01-21T10:00:00.127Z,its order has not come',
      'unpaid,10,,,',
    ]);
    expect(both).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('prints one line of JSON with --json', async () => {
    const { exitCode, stdout } = await runTally(['audit', '--json'], { env: clean });

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(stdout)).toEqual({
      ...JSON.parse(toJsonLine(EMPTY_COUNTS)),
      orders: 1,
      statuses: { ...EMPTY_COUNTS.statuses, succeeded: 1 },
      paid: 1,
      payments: 1,
      matched: 1,
      // JSON has no undefined.
      oldest_parked_seconds: null,
      ids: expect.objectContaining({ succeeded: ['1'], refunded_apart: [] }),
      violations: 0,
      violation_details: [],
      suspected: 0,
      suspected_details: [],
      lost: null,
      unmet: null,
    });
  });

  it('exits 3 when something is broken or in progress, and says how to tell', async () => {
    const { exitCode, stdout, stderr } = await runTally(['audit', '--patience-seconds', '0'], {
      env: halfDone,
    });

    expect(exitCode).toBe(3);
    expect(stdout).toContain('suspected:\n  I1: nobody was told: payment 1001 waits for order 1\n');
    expect(stdout).toMatch(/^violations +0 /m);
    expect(stderr).toContain('broken or in progress');
    expect(stderr).toContain('--patience-seconds 720');
  });

  it('exits 1 on a violation, after the report: when all is settled, nothing is in progress', async () => {
    const { exitCode, stdout, stderr } = await runTally(['audit', '--patience-seconds', '0', '--settled'], {
      env: halfDone,
    });

    expect(exitCode).toBe(1);
    expect(stdout).toContain('violations:\n  I1: nobody was told: payment 1001 waits for order 1');
    expect(stderr).toMatch(/\ntally: the audit found broken promises or unmet expectations\n$/);
  });

  it('exits 1 on a violation with --json too, on one line', async () => {
    const { exitCode, stdout } = await runTally(['audit', '--patience-seconds', '0', '--settled', '--json'], {
      env: halfDone,
    });

    expect(exitCode).toBe(1);
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(JSON.parse(stdout)).toMatchObject({
      violations: 1,
      violation_details: [{ promise: 'I1', order_id: '1' }],
      suspected: 0,
    });
  });

  it('exits 0 when an expectation is met, from a file or from standard input', async () => {
    const met = answer({ matched: [{ order_id: 1, payment_id: '1001' }] });
    const path = await fileWith('met.json', met);

    const [fromFile, fromInput] = await Promise.all([
      runTally(['audit', '--expect', path, '--json'], { env: clean }),
      runTally(['audit', '--expect', '-', '--json'], { env: clean, input: met }),
    ]);

    expect(fromFile.exitCode).toBe(0);
    expect(JSON.parse(fromFile.stdout)).toMatchObject({ lost: 0, unmet: [] });
    expect(fromInput).toEqual(fromFile);
  });

  it('exits 1 when an expectation is not met', async () => {
    const path = await fileWith('unmet.json', answer({ matched: [{ order_id: 2, payment_id: 1002 }] }));

    const { exitCode, stdout } = await runTally(['audit', '--expect', path, '--patience-seconds', '0'], {
      env: clean,
    });

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^lost +2 /m);
    expect(stdout).toContain('lost: order 2 should be stored');
  });

  it('waits for what is still on its way', async () => {
    const path = await fileWith('late.json', answer({ unpaid: [7] }));
    const env = await createKeyspace(async () => {});
    let written: Promise<void> | undefined;
    const writeOrder = () => fillKeyspace(env, (store) => acceptAll(store, orderEntry(1, { orderId: 7n })));

    const { exitCode, stdout } = await runTally(['audit', '--expect', path, '--patience-seconds', '600'], {
      env,
      onStderr: (text) => {
        if (text.includes('waiting for 1 of the expected results')) written ??= writeOrder();
      },
    });

    await written;
    expect(written).toBeDefined();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^lost +0 /m);
  });

  it.for<[string, string | undefined, string]>([
    ['is not there', undefined, 'no such file'],
    ['is no JSON', 'nonsense', '8 characters that are not JSON'],
    ['is no answer of a simulator', '{"runId": "r"}', 'expected: '],
    ['has an id that is none', answer({ unpaid: [-1] }), 'expected.unpaid.0'],
  ])('exits 2 when the file to compare with %s', async ([name, content, said]) => {
    const path =
      content === undefined
        ? join(folder, 'missing.json')
        : await fileWith(`${name.replaceAll(' ', '-')}.json`, content);

    const { exitCode, stdout, stderr } = await runTally(['audit', '--expect', path], { env: clean });

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`--expect ${path} cannot be used: `);
    expect(stderr).toContain(said);
  });

  it('exits 2 when Cassandra cannot be reached, and says where it looked', async () => {
    const address = `127.0.0.1:${await findFreePort()}`;

    const { exitCode, stdout, stderr } = await runTally(['audit', '--json'], {
      env: { ...clean, CASSANDRA_CONTACT_POINTS: address },
    });

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^tally: could not look: .*ECONNREFUSED/m);
    expect(stderr).toContain(address);
  });

  it('exits 2 when the keyspace is not there', async () => {
    const { exitCode, stderr } = await runTally(['audit'], {
      env: { ...clean, CASSANDRA_KEYSPACE: 'nobody_made_this' },
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('nobody_made_this');
  });

  it('exits 2 when the configuration is bad, and names each variable', async () => {
    const { exitCode, stderr } = await runTally(['audit'], {
      env: { ...clean, CASSANDRA_KEYSPACE: 'Ecom Store', CASSANDRA_TLS: 'maybe' },
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('CASSANDRA_KEYSPACE: expected');
    expect(stderr).toContain('CASSANDRA_TLS: expected "on" or "off", got "maybe"');
  });
});
