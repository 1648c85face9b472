import { afterEach, expect, it, vi } from 'vitest';
import { chooseTarget } from '../../cli/target.ts';
import type { Environment } from '../../shared/config.ts';

const READ = { writes: false, publishes: false, json: false };
const PUBLISH = { writes: true, publishes: true, json: false };
const FAR = { CASSANDRA_CONTACT_POINTS: '10.1.2.3' };

afterEach(() => vi.restoreAllMocks());

const said = async (env: Environment, needs: Parameters<typeof chooseTarget>[1]): Promise<string> => {
  const print = vi.spyOn(console, 'error').mockReturnValue();
  await chooseTarget(env, needs);
  return print.mock.calls.flat().join('\n');
};

it.each<[Environment, Parameters<typeof chooseTarget>[1], string]>([
  [FAR, READ, 'Target: keyspace ecom_store, Cassandra at 10.1.2.3:9042 (datacenter1)'],
  [
    { ...FAR, CASSANDRA_KEYSPACE: 'shop', TALLY_ENVIRONMENT: 'staging', GOOGLE_CLOUD_PROJECT: 'my-project' },
    PUBLISH,
    'Target: project my-project (Google Cloud), environment staging, keyspace shop, Cassandra at 10.1.2.3:9042 (datacenter1)',
  ],
  [
    { CASSANDRA_CONTACT_POINTS: '127.0.0.1', PUBSUB_EMULATOR_HOST: '127.0.0.1:8085' },
    PUBLISH,
    'Target: project tally-local (127.0.0.1:8085), keyspace ecom_store, Cassandra at 127.0.0.1:9042 (datacenter1)',
  ],
])('says what a command is about to touch: %j', async (env, needs, sentence) => {
  expect(await said(env, needs)).toBe(sentence);
});

it('says the same to a machine', async () => {
  expect(JSON.parse(await said(FAR, { ...READ, json: true }))).toEqual({
    event: 'target',
    project: null,
    pubsub: null,
    environment: null,
    keyspace: 'ecom_store',
    cluster: 'Cassandra at 10.1.2.3:9042 (datacenter1)',
  });
});

it('takes nothing for granted where a store beyond this machine would be changed', async () => {
  const refused = chooseTarget({ ...FAR, PUBSUB_EMULATOR_HOST: '127.0.0.1:8085' }, PUBLISH);

  await expect(refused).rejects.toMatchObject({
    name: 'UnableError',
    message: expect.stringMatching(
      /CASSANDRA_KEYSPACE: expected .*\n.*PUBSUB_EMULATOR_HOST: expected nothing/,
    ),
  });
  const near = { CASSANDRA_CONTACT_POINTS: '127.0.0.1', GOOGLE_CLOUD_PROJECT: 'my-project' };
  await expect(chooseTarget(near, PUBLISH)).rejects.toThrow('CASSANDRA_KEYSPACE: expected a keyspace');
  await expect(chooseTarget({ ...FAR, CASSANDRA_KEYSPACE: 'shop' }, PUBLISH)).rejects.toThrow(
    'GOOGLE_CLOUD_PROJECT: expected the project to publish to, got nothing',
  );
});
