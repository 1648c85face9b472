import { expect, it } from 'vitest';
import { loadConfig } from '../../shared/config.ts';
import { createCassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createKeyspace } from '../support/commands/createKeyspace.ts';
import { runTally } from '../support/commands/runScript.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';

it.skipIf(!hasCassandra)('names the command that mends two settings that differ', async () => {
  const env = await createKeyspace(() => Promise.resolve());
  const { store } = loadConfig(env);
  if (store.kind !== 'cassandra') throw new Error('the test run has no Cassandra');
  const client = createCassandraClient(store);
  await runTally(['retention', '--days', '31', '--yes'], { env });
  // A command that raises the setting has died between its two statements.
  await (
    await client.connect()
  ).execute(`ALTER TABLE dead_letters_by_order WITH default_time_to_live = ${90 * 86_400}`);
  await client.close();

  const differing = await runTally(['retention', '--json'], { env });

  expect(differing.exitCode).toBe(1);
  expect(JSON.parse(differing.stdout)).toEqual({ days: 31, places_days: 90 });
  expect(differing.stderr).toContain(
    'tally: dead letters are kept for 31 days, and it is known for 90 days where those of an order are.',
  );
  const [, mending = ''] = /npx tally (.*)\n$/.exec(differing.stderr) ?? [];
  expect(mending).toBe('retention --days 90');
  expect(await runTally([...mending.split(' '), '--yes'], { env })).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Dead letters are kept for 90 days'),
  });
});
