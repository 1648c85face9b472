import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Message, PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, inject, it, type TestContext } from 'vitest';
import { readRunFile } from '../../cli/runFile.ts';
import { provision } from '../../local/pubsub/provision.ts';
import { CARD, orderBytes, paymentBytes } from '../../proof/referenceMessages.ts';
import { runTally } from '../support/commands/runScript.ts';
import { until } from '../../proof/until.ts';
import { nameIn } from '../../shared/topology.ts';
import { commandEnv } from '../support/commands/commandEnv.ts';

/** A body with four faults, each of another kind. One is a card number where the price should be. */
const FAULTY = orderBytes({ order_id: '-1', item: undefined, quantity: '[]', price: `"${CARD} EUR"` });
const PROBLEMS = [
  'order_id: expected a whole number from 0 to 9223372036854775807, as a number or as a string of digits, ' +
    'got -1',
  'item: expected a string of at most 2000 characters, got nothing',
  'quantity: expected a whole number from 1 to 9223372036854775807, as a number or as a string of digits, ' +
    'got an array',
  'price: expected a finite number, 0 or more, as a number or as plain decimal text, got a string of 20 characters',
];

describe('tally publish', () => {
  const env = commandEnv();
  const projectId = env.GOOGLE_CLOUD_PROJECT ?? '';
  const pubsub = inject('pubsub') ?? '';
  const where = `project ${projectId}, ${pubsub}`;
  const received: Message[] = [];
  let client: PubSub;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-publish-'));
    await provision({ projectId, pubsub, functionUrls: {}, isGoogleEmulator: true });
    client = new PubSub({ projectId, apiEndpoint: pubsub, emulatorMode: true });
    for (const name of ['orders_data-sub', 'payments_data-sub']) {
      client.subscription(name).on('message', (message) => {
        message.ack();
        received.push(message);
      });
    }
  });
  afterAll(async () => {
    await client.close();
    await rm(folder, { recursive: true, force: true });
  });

  const fileWith = async ({ task }: TestContext, body: string | Uint8Array): Promise<string> => {
    const path = join(folder, `${task.id}.json`);
    await writeFile(path, body);
    return path;
  };
  const publish = (args: readonly string[], input?: string) =>
    runTally(['publish', ...args], { env, ...(input === undefined ? {} : { input }) });
  const arrived = (id: string): Promise<Message> =>
    until('the message', () => received.find((message) => message.id === id));
  /**
   * The messages that came before one that is sent now: whatever a refused command had sent would be among
   * them.
   */
  const receivedUpToNow = async (): Promise<readonly Message[]> => {
    for (const topic of ['orders_data', 'payments_data']) {
      await arrived(await client.topic(topic).publishMessage({ data: Buffer.from('the end') }));
    }
    return received.splice(0).filter(({ data }) => data.toString() !== 'the end');
  };

  it('says where it is about to send an order, sends it byte for byte, and says how to see what becomes of it', async (context) => {
    const body = orderBytes({ order_id: '17', coupon: '"kept"' });

    const { exitCode, stdout, stderr } = await publish(['order', await fileWith(context, body)]);

    expect([exitCode, stderr]).toEqual([0, `Target: topic orders_data (${where})\n`]);
    const id = /^Sent message (\d+) /.exec(stdout)?.[1] ?? '';
    expect(stdout).toBe(
      `Sent message ${id} to topic orders_data (${where}).\nSee what became of it: npx tally order 17\n`,
    );
    expect(await arrived(id)).toMatchObject({ data: body, attributes: {} });
  });

  it('sends a payment from standard input, and prints one line of JSON with --json', async () => {
    const body = paymentBytes({ order_id: '9223372036854775807' });

    const { exitCode, stdout, stderr } = await publish(['payment', '-', '--json'], body.toString());

    expect(exitCode).toBe(0);
    expect(JSON.parse(stderr)).toEqual({
      event: 'target',
      project: projectId,
      pubsub,
      topic: 'payments_data',
    });
    expect(stdout).toMatch(/^\{.*\}\n$/);
    const answer = JSON.parse(stdout);
    expect(answer).toEqual({
      message_id: expect.any(String),
      topic: 'payments_data',
      order_id: '9223372036854775807',
      payment_id: '1001',
      holds_card_number: false,
      problems: [],
    });
    expect((await arrived(answer.message_id)).data).toEqual(body);
  });

  it('names every bad field of a body that is not valid, quotes none, and sends nothing', async (context) => {
    const path = await fileWith(context, FAULTY);
    await receivedUpToNow();

    const { exitCode, stdout, stderr } = await publish(['order', path]);

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(
      [
        `tally: nothing was sent: ${path} is not a valid order`,
        ...PROBLEMS.map((problem) => `  ${problem}`),
        'To send it as it is, add --anyway. Tally will dead-letter it as invalid.\n',
      ].join('\n'),
    );
    expect(await receivedUpToNow()).toEqual([]);
  });

  it('sends such a body as it is with --anyway, and says that it will be dead-lettered', async (context) => {
    const path = await fileWith(context, FAULTY);

    const [text, json] = await Promise.all([
      publish(['order', path, '--anyway']),
      publish(['order', path, '--anyway', '--json']),
    ]);

    expect([text.exitCode, json.exitCode]).toEqual([0, 0]);
    expect(text.stdout).toContain('not a valid order, so Tally will dead-letter it as invalid:\n');
    for (const problem of PROBLEMS) expect(text.stdout).toContain(`  ${problem}\n`);
    expect(text.stdout + text.stderr + json.stdout + json.stderr).not.toContain(CARD.slice(0, 8));
    const answer = JSON.parse(json.stdout);
    expect(answer).toMatchObject({ order_id: null, holds_card_number: true, problems: PROBLEMS });
    expect((await arrived(answer.message_id)).data).toEqual(FAULTY);
  });

  it('never shows a card number of a valid order, and says that there is one', async (context) => {
    const path = await fileWith(context, orderBytes({ item: `"Laptop, paid with ${CARD}"` }));

    const { exitCode, stdout, stderr } = await publish(['order', path]);

    expect(exitCode).toBe(0);
    expect(stdout).toContain('\nIt holds a card number, which Pub/Sub got as it is. Tally masks it before');
    expect(stdout + stderr).not.toContain(CARD.slice(0, 8));
  });

  it('says why it cannot read a file', async () => {
    const path = join(folder, 'missing.json');

    const { exitCode, stdout, stderr } = await publish(['order', path, '--anyway']);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`tally: nothing was sent: cannot read ${path}: ENOENT: no such file`);
  });

  it('says what to do when no system runs', async ({ skip }) => {
    // A developer's own `tally up` would get the order.
    if ((await readRunFile()) !== undefined) skip('a system is running on this machine');

    const { exitCode, stderr } = await runTally(['publish', 'order', '-'], {
      env: { PATH: env.PATH },
      input: orderBytes().toString(),
    });

    expect(exitCode).toBe(2);
    expect(stderr).toContain('no system runs here: start one with "npm start", or set PUBSUB_EMULATOR_HOST');
  });

  it('sends to the topic of its environment, and fails when Pub/Sub has none', async (context) => {
    const path = await fileWith(context, orderBytes());
    const run = (environment: string) =>
      runTally(['publish', 'order', path], { env: { ...env, TALLY_ENVIRONMENT: environment } });
    await client.createTopic(nameIn('staging', 'orders_data'));

    const [sent, refused] = await Promise.all([run('staging'), run('nowhere')]);

    expect(sent.stdout).toContain(`to topic staging-orders_data (${where}).`);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(
      new RegExp(`^Target: .*\\ntally: Pub/Sub \\(${where}\\) did not confirm the message: .*NOT_FOUND`),
    );
    expect(refused.stderr).toContain('Look with "npx tally order 1" before you send it again.\n');
  });

  it('says that nothing was confirmed where Google Cloud lets nobody in', async (context) => {
    const path = await fileWith(context, orderBytes());
    const { PUBSUB_EMULATOR_HOST: _, ...cloud } = env;

    const { exitCode, stdout, stderr } = await runTally(['publish', 'order', path], {
      env: {
        ...cloud,
        GOOGLE_APPLICATION_CREDENTIALS: join(folder, 'none.json'),
        GOOGLE_CLOUD_PROJECT: 'my-prod',
      },
    });

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /^Target: topic orders_data \(project my-prod, Google Cloud\)\ntally: Pub\/Sub \(project my-prod, Google Cloud\) did not confirm the message: /,
    );
    expect(stderr).toContain('Look with "npx tally order 1" before you send it again.\n');
  });
});
