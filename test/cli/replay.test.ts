import { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { provision } from '../../local/pubsub/provision.ts';
import { until } from '../../proof/until.ts';
import { orderBody } from '../support/messages/bodies.ts';
import { commandEnv } from '../support/commands/commandEnv.ts';
import { runTally } from '../support/commands/runScript.ts';

describe('tally replay', () => {
  // No command of this file connects to it.
  const env: Record<string, string> = { ...commandEnv(), CASSANDRA_CONTACT_POINTS: '127.0.0.1:1' };
  const projectId = env.GOOGLE_CLOUD_PROJECT ?? '';
  const pubsub = inject('pubsub') ?? '';
  const received: string[] = [];
  let client: PubSub;
  const publish = (topic: string) => client.topic(topic).publishMessage({ json: orderBody(1) });
  const timesOf = (id: string): number => received.filter((one) => one === id).length;

  beforeAll(async () => {
    await provision({ projectId, pubsub, functionUrls: {}, isGoogleEmulator: false });
    client = new PubSub({ projectId, apiEndpoint: pubsub, emulatorMode: true });
    for (const name of ['orders_data-sub', 'payments_data-sub'])
      client.subscription(name).on('message', (message) => {
        received.push(message.id);
        message.ack();
      });
  });
  afterAll(() => client.close());

  it('says that there is nothing to deliver again, and does not ask', async () => {
    const result = await runTally(['replay', '--since', '1h'], { env });

    expect(result).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(
        /^Nothing was delivered again: this Pub\/Sub keeps no message that was published since .*Z\.\n$/,
      ),
    });
  });

  it('does nothing before somebody says yes, delivers acked messages again, and says how many', async () => {
    const ids = [await publish('orders_data'), await publish('orders_data'), await publish('payments_data')];
    await until('all of them', () => ids.every((id) => timesOf(id) === 1));

    const asked = await runTally(['replay', '--since', '1h'], { env });
    const done = await runTally(['replay', '--since', '1h', '--yes'], { env });

    const counted = '2 messages of orders_data, 1 message of payments_data';
    expect(asked).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(`${counted} would be delivered again, the oldest published at `),
    });
    expect(done).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining(`Delivered again: ${counted}, `),
    });
    await until('all of them again', () => ids.every((id) => timesOf(id) === 2));
    const [subscriptions] = await client.getSubscriptions();
    expect(subscriptions.filter(({ name }) => name.includes('replay'))).toEqual([]);
  });

  it('takes one topic, and tells programs the same', async () => {
    const id = await publish('payments_data');
    await until('it', () => timesOf(id) === 1);

    const { stdout } = await runTally(
      ['replay', '--since', '1h', '--topic', 'payments_data', '--yes', '--json'],
      { env },
    );

    expect(JSON.parse(stdout)).toMatchObject({
      done: true,
      messages: { payments_data: 2 },
      oldest: expect.stringMatching(/Z$/),
    });
  });

  it('prints the commands for Google Cloud, and does nothing', async () => {
    const { PUBSUB_EMULATOR_HOST: _, ...cloud } = env;

    const { exitCode, stdout } = await runTally(['replay', '--since', '2026-11-24'], { env: cloud });

    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      `gcloud pubsub subscriptions seek orders_data-sub --project=${projectId} --time=2026-11-24T00:00:00.000Z`,
    );
  });

  it('says what the Pub/Sub answered when it cannot', async () => {
    const other = { ...env, GOOGLE_CLOUD_PROJECT: 'tally-not-there' };

    const { exitCode, stderr } = await runTally(['replay', '--since', '1h', '--yes'], { env: other });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('this Pub/Sub did not deliver again: PUT subscriptions/tally-replay-');
    expect(stderr).toContain('"npx tally heal" writes what is missing');
  });
});
