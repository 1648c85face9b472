import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PubSub } from '@google-cloud/pubsub';
import { credentials, makeGenericClientConstructor } from '@grpc/grpc-js';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../../local/ports.ts';
import { startLocalPubSub } from '../../../local/pubsub/startLocalPubSub.ts';
import { loadProtos } from '../../../local/pubsub/server/loadProtos.ts';
import { loadServices } from '../../../local/pubsub/server/loadServices.ts';
import { createHttpPush } from '../../../local/pubsub/server/httpPush.ts';
import { CODE, setUpEmulator } from '../../contract/pubsub/emulator.ts';
import { newMessage } from '../../support/pubsub/testBroker.ts';
import { runTally } from '../../support/commands/runScript.ts';
import { until } from '../../../proof/until.ts';

describe('the protocol definitions', () => {
  it('are found in the client package, with all three services', () => {
    const { Publisher, Subscriber, SchemaService } = loadServices(loadProtos());

    expect(Object.keys(Publisher)).toEqual(expect.arrayContaining(['CreateTopic', 'Publish']));
    expect(Object.keys(Subscriber)).toEqual(expect.arrayContaining(['Pull', 'StreamingPull', 'Acknowledge']));
    expect(Object.keys(SchemaService)).toContain('CreateSchema');
  });
});

describe('what this server does not have', () => {
  const emulator = setUpEmulator(async () =>
    startLocalPubSub({ port: await findFreePort(), why: 'the test' }),
  );
  let topic = '';
  beforeAll(async () => {
    topic = emulator.topicName((await emulator.route()).topic);
  });

  it.for<[string, object]>([
    ['ordered delivery', { enableMessageOrdering: true }],
    ['exactly-once delivery', { enableExactlyOnceDelivery: true }],
    ['filters', { filter: 'attributes.colour = "red"' }],
    ['unwrapped push', { pushConfig: { pushEndpoint: 'http://127.0.0.1:9/', noWrapper: {} } }],
    ['export to BigQuery', { bigqueryConfig: { table: 'a.b.c' } }],
    ['tags', { tags: { 'tally/environment': 'staging' } }],
    ['new subscription that is detached', { detached: true }],
  ])('is refused with a sentence in a subscription: %s', async ([what, settings]) => {
    const request = { name: emulator.subscriptionName('refused'), topic, ...settings };

    const error = await emulator.call('CreateSubscription', request).catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: CODE.UNIMPLEMENTED,
      details: expect.stringContaining(`Tally's local Pub/Sub has no ${what}: docs/local-pubsub.md says`),
    });
  });

  it.for<[string, object]>([
    ['schemas', { schemaSettings: { schema: 'projects/p/schemas/s' } }],
    ['regions', { messageStoragePolicy: { allowedPersistenceRegions: ['europe-west1'] } }],
    ['tags', { tags: { 'tally/environment': 'staging' } }],
  ])('is refused with a sentence in a topic: %s', async ([what, settings]) => {
    const error = await emulator
      .call('CreateTopic', { name: emulator.topicName('refused'), ...settings })
      .catch((caught: unknown) => caught);

    expect(error).toMatchObject({ code: CODE.UNIMPLEMENTED, details: expect.stringContaining(`no ${what}`) });
  });

  it.for(['CreateSnapshot', 'ListSnapshots'])(
    'is refused with a sentence as a method: %s',
    async (method) => {
      const error = await emulator.call(method, {}).catch((caught: unknown) => caught);

      expect(error).toMatchObject({
        code: CODE.UNIMPLEMENTED,
        details: expect.stringContaining(`no ${method}`),
      });
    },
  );

  it('keeps and shows a topic’s retention, and refuses a seek without a time', async () => {
    const name = emulator.topicName('retaining');
    const messageRetentionDuration = { seconds: '86400', nanos: 0 };
    await emulator.call('CreateTopic', { name, messageRetentionDuration });
    const route = await emulator.route({}, 'retaining');
    const subscription = emulator.subscriptionName(route.subscription);
    await route.publish('x');

    const seek = (seconds: number) =>
      emulator.codeOf('Seek', { subscription, time: { seconds: Math.floor(Date.now() / 1_000) + seconds } });

    expect(await emulator.call('GetTopic', { topic: name })).toMatchObject({ messageRetentionDuration });
    expect(await seek(-60)).toBe(CODE.OK);
    expect(await seek(60)).toBe(CODE.OK);
    expect(await emulator.codeOf('Seek', { subscription, snapshot: 's' })).toBe(CODE.UNIMPLEMENTED);
    expect(await emulator.codeOf('Seek', { subscription })).toBe(CODE.INVALID_ARGUMENT);
    const tooShort = { name: emulator.topicName('short'), messageRetentionDuration: { seconds: 599 } };
    expect(await emulator.codeOf('CreateTopic', tooShort)).toBe(CODE.INVALID_ARGUMENT);
  });

  it('refuses a project that is not named as one, in place of an empty list', async () => {
    const error = await emulator.call('ListTopics', { project: 'tally' }).catch((caught: unknown) => caught);

    expect(error).toMatchObject({
      code: CODE.INVALID_ARGUMENT,
      details: 'project: expected projects/<project>',
    });
  });

  it('sends no token, but keeps and shows what it was told of one', async () => {
    const oidcToken = {
      serviceAccountEmail: 'push@p.iam.gserviceaccount.com',
      audience: 'https://a.example',
    };
    const subscription = emulator.subscriptionName('with-token');
    const pushConfig = { pushEndpoint: emulator.endpointOf('with-token'), oidcToken };
    await emulator.call('CreateSubscription', { name: subscription, topic, pushConfig });

    expect(await emulator.call('GetSubscription', { subscription })).toMatchObject({
      pushConfig: { oidcToken },
    });
  });

  it('tells a waiting pull that its subscription was deleted', async () => {
    const route = await emulator.route();
    const subscription = emulator.subscriptionName(route.subscription);
    const waiting = emulator.codeOf('Pull', { subscription, maxMessages: 1 });
    await route.publish('leads the pull, so that the next one waits');

    expect(await waiting).toBe(CODE.OK);
    const next = emulator.codeOf('Pull', { subscription, maxMessages: 1 });
    await emulator.call('DeleteSubscription', { subscription });
    expect(await next).toBe(CODE.NOT_FOUND);
  });

  it('refuses to list the subscriptions of a topic that does not exist', async () => {
    const missing = { topic: emulator.topicName('nowhere') };

    expect(await emulator.codeOf('ListTopicSubscriptions', missing)).toBe(CODE.NOT_FOUND);
  });

  it('reads limits beyond production’s as their own errors: -1 messages, 11 MB', async () => {
    const subscription = emulator.subscriptionName((await emulator.route()).subscription);
    const messages = [{ data: Buffer.alloc(11_000_000) }];

    expect(await emulator.codeOf('Pull', { subscription, maxMessages: -1 })).toBe(CODE.INVALID_ARGUMENT);
    expect(await emulator.codeOf('Publish', { topic, messages })).toBe(CODE.INVALID_ARGUMENT);
  });
});

describe('an interim answer', () => {
  it('of 102 is an ack, as in production, though nothing follows it', async () => {
    let requests = 0;
    const server: Server = createServer((socket) => {
      socket.on('data', () => {
        requests += 1;
        socket.write('HTTP/1.1 102 Processing\r\n\r\n');
      });
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const emulator = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
    onTestFinished(async () => {
      await emulator.stop();
      server.close();
    });
    const client = new PubSub({ projectId: 'tally-102', apiEndpoint: emulator.address, emulatorMode: true });
    onTestFinished(() => client.close());
    await client.createTopic('topic');
    await client.createSubscription('topic', 'subscription', {
      pushConfig: { pushEndpoint: `http://127.0.0.1:${port}/` },
    });

    await client.topic('topic').publishMessage({ data: Buffer.from('x') });
    await until('the push', () => requests === 1);
    await client.subscription('subscription').modifyPushConfig({});
    const next = client.subscription('subscription');
    const received: string[] = [];
    next.on('message', (message) => received.push(message.data.toString()) && message.ack());
    await client.topic('topic').publishMessage({ data: Buffer.from('y') });

    await until('the next message', () => received.length > 0);
    expect(received).toEqual(['y']);
    await next.close();
  });
});

describe('an endpoint that cannot be asked', () => {
  it.for(['HTTP://127.0.0.1:9/', 'HTTPS://127.0.0.1:9/', 'http://a:%E0%A4%A@127.0.0.1:9/'])(
    'nacks, and stops nothing else: %s',
    async (endpoint) => {
      const { push, close } = createHttpPush();

      const isAck = await push({
        endpoint,
        subscription: 'subscription',
        message: { ...newMessage('x'), messageId: '1', nth: 1, publishedAtMs: 0 },
        deliveryAttempt: undefined,
        timeoutMs: 5_000,
        signal: new AbortController().signal,
      });

      expect(isAck).toBe(false);
      close();
    },
  );
});

describe('a stopped server', () => {
  it('ends its streams with UNAVAILABLE, so that clients open them again', async () => {
    const part = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
    const Client = makeGenericClientConstructor(loadServices(loadProtos()).Subscriber, '');
    const client = new Client(part.address, credentials.createInsecure());
    const admin = new PubSub({ projectId: 'tally-stop', apiEndpoint: part.address, emulatorMode: true });
    await admin.createTopic('topic');
    await admin.createSubscription('topic', 'subscription');
    await admin.close();
    const stream = Reflect.get(client, 'StreamingPull').call(client);
    const subscription = 'projects/tally-stop/subscriptions/subscription';
    const codes: number[] = [];
    let responses = 0;
    stream.on('data', () => (responses += 1));
    stream.on('error', () => {});
    stream.on('status', (status: { code: number }) => codes.push(status.code));
    stream.write({ subscription, streamAckDeadlineSeconds: 10 });
    await until('the stream to run', () => responses > 0);

    await part.stop();

    await until('its end', () => codes.length > 0);
    expect(codes).toEqual([CODE.UNAVAILABLE]);
    client.close();
  });

  it('leaves nothing behind: its process ends by itself, even after a nacked message', async () => {
    const { stdout } = await runNode(`
      import { PubSub } from '@google-cloud/pubsub';
      import { startLocalPubSub } from './local/pubsub/startLocalPubSub.ts';
      const part = await startLocalPubSub({ port: ${await findFreePort()}, why: 'the test' });
      const client = new PubSub({ projectId: 'tally-end', apiEndpoint: part.address, emulatorMode: true });
      await client.createTopic('topic');
      await client.createSubscription('topic', 'subscription', {
        pushConfig: { pushEndpoint: 'http://127.0.0.1:9/' },
        retryPolicy: { minimumBackoff: { seconds: 600 }, maximumBackoff: { seconds: 600 } },
      });
      await client.topic('topic').publishMessage({ data: Buffer.from('x') });
      await client.close();
      await part.stop();
      console.log('stopped');
    `);

    expect(stdout).toBe('stopped\n');
  });
});

/** Runs a module in the project's folder. @throws Error when it does not end by itself in time. */
const runNode = (source: string): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: join(import.meta.dirname, '../../..'),
    timeout: 20_000,
    env: { ...process.env, METADATA_SERVER_DETECTION: 'none' },
  });

describe('tally pubsub', () => {
  it('names every mistake in the faults at once, and starts nothing', async () => {
    const { exitCode, stdout, stderr } = await runTally(
      ['pubsub', '--faults', '{"duplicated":1,"dupes":2}'],
      { env: { PATH: process.env.PATH ?? '' } },
    );

    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Unrecognized key: "dupes"');
    expect(stderr).toContain('duplicated: expected a share from 0 to 0.9');
  });

  it.for<[string, string[], string]>([
    ['an address that is none', ['--host', 'localhost'], 'Expected an IP address, such as 0.0.0.0.'],
    ['an address of another machine', ['--host', '203.0.113.7'], 'EADDRNOTAVAIL'],
  ])('refuses %s', async ([, words, message]) => {
    const port = String(await findFreePort());

    const { exitCode, stderr } = await runTally(['pubsub', '--port', port, ...words], {
      env: { PATH: process.env.PATH ?? '' },
    });

    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(message);
  });

  it('names its own option when its port is taken', async () => {
    const port = await findFreePort();
    const part = await startLocalPubSub({ port, why: 'the test' });
    onTestFinished(() => part.stop());

    const { exitCode, stderr } = await runTally(['pubsub', '--port', String(port)], {
      env: { PATH: process.env.PATH ?? '' },
    });

    expect(exitCode).toBe(1);
    expect(stderr).toContain(`port ${port}, which Pub/Sub needs, is taken`);
    expect(stderr).toContain('pass another one with --port');
  });

  it('says on the screen who can reach it on another address', async () => {
    const part = await startLocalPubSub({ port: await findFreePort(), host: '0.0.0.0', why: 'the test' });
    onTestFinished(() => part.stop());

    expect(part.address).toMatch(/^127\.0\.0\.1:/);
    expect(part.notice).toContain('!!! Pub/Sub listens on 0.0.0.0. It asks nobody who they are');
    expect(await (await fetch(`http://${part.address}/`)).text()).toBe('Ok\n');
  });

  it.for([
    ['127.0.0.2', '127.0.0.2'],
    ['localhost', 'localhost'],
    ['::1', 'localhost'],
  ])('warns of nobody on %s, which only this machine reaches', async ([host, shown]) => {
    const part = await startLocalPubSub({ port: await findFreePort(), host, why: 'the test' });
    onTestFinished(() => part.stop());

    expect(part.address.split(':')[0]).toBe(shown);
    expect(part.notice).not.toContain('!!!');
  });

  it.for([
    ['demo', '--pubsub', 'google'],
    ['up', '--pubsub', 'google'],
  ])('refuses faults of a Pub/Sub that has none: %s', async (words) => {
    const { exitCode, stderr } = await runTally(
      [...words, '--cassandra', 'memory', '--pubsub-faults', '{"duplicated":0.1}'],
      { env: { PATH: process.env.PATH ?? '' } },
    );

    expect(exitCode).toBe(1);
    expect(stderr).toContain('--pubsub-faults: only --pubsub local has faults, and this is google');
  });
});
