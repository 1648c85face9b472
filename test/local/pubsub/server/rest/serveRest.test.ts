import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFreePort } from '../../../../../local/ports.ts';
import { loadProtos } from '../../../../../local/pubsub/server/loadProtos.ts';
import { loadServices } from '../../../../../local/pubsub/server/loadServices.ts';
import { createProtoTypes } from '../../../../../local/pubsub/server/rest/protoTypes.ts';
import { serveRest } from '../../../../../local/pubsub/server/rest/serveRest.ts';
import { startLocalPubSub } from '../../../../../local/pubsub/startLocalPubSub.ts';
import { until } from '../../../../../proof/until.ts';
import { CODE, setUpEmulator } from '../../../../contract/pubsub/emulator.ts';

const emulator = setUpEmulator(
  async () => startLocalPubSub({ port: await findFreePort(), why: 'the test' }),
  [],
  'rest',
);

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

const ask = async (verb: string, path: string, body?: unknown, headers = {}): Promise<Answer> => {
  const response = await fetch(`http://${emulator.address()}${path}`, {
    method: verb,
    headers,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, json: JSON.parse(await response.text()) };
};

const refusal = (code: number, status: string, message: unknown): Answer => ({
  status: code,
  json: { error: { code, status, message } },
});

/** Sends bytes as they are. @returns everything that comes back until the connection is closed. */
const sendRaw = async (bytes: string): Promise<string> => {
  const [host = '', port] = emulator.address().split(':');
  const socket = connect(Number(port), host);
  socket.write(bytes);
  return Buffer.concat(await Array.fromAsync(socket)).toString();
};

const topicPath = async (): Promise<string> => `/v1/${emulator.topicName((await emulator.route()).topic)}`;
const ofRoute = async () => {
  const { topic, subscription } = await emulator.route();
  return { topic: emulator.topicName(topic), subscription: emulator.subscriptionName(subscription) };
};

describe('the root', () => {
  it('answers Ok, as Google’s emulator does', async () => {
    const response = await fetch(`http://${emulator.address()}/`);

    expect([response.status, await response.text()]).toEqual([200, 'Ok\n']);
  });
});

describe('a resource in JSON', () => {
  it('has Google’s names, durations and texts, and leaves defaults out', async () => {
    const { topic, subscription } = await ofRoute();
    const body = {
      topic,
      labels: { team: 'pay' },
      messageRetentionDuration: '600.5s',
      retryPolicy: { minimumBackoff: '0.25s' },
      deadLetterPolicy: { deadLetterTopic: topic },
      expirationPolicy: {},
      pushConfig: { pushEndpoint: 'http://127.0.0.1:9/', oidcToken: { serviceAccountEmail: 'a@b.example' } },
    };

    const { status, json } = await ask('PUT', `/v1/${subscription}-2`, body);

    expect(status).toBe(200);
    expect(json).toEqual({
      name: `${subscription}-2`,
      ackDeadlineSeconds: 10,
      state: 'ACTIVE',
      ...body,
      messageRetentionDuration: '600.500s',
      retryPolicy: { minimumBackoff: '0.250s', maximumBackoff: '600s' },
      deadLetterPolicy: { deadLetterTopic: topic, maxDeliveryAttempts: 5 },
    });
  });

  it('is read in snake_case and with numbers in texts too', async () => {
    const { topic, subscription } = await ofRoute();

    const { json } = await ask('PUT', `/v1/${subscription}-2`, { topic, ack_deadline_seconds: '20' });

    expect(json.ackDeadlineSeconds).toBe(20);
  });

  it('is updated by a mask in the body or in the address, in either spelling', async () => {
    const { subscription } = await ofRoute();
    const update = (query: string, body: object) => ask('PATCH', `/v1/${subscription}${query}`, body);

    const masks: [string, object][] = [
      ['', { updateMask: 'ackDeadlineSeconds' }],
      ['?updateMask=ackDeadlineSeconds', {}],
      ['?update_mask=ack_deadline_seconds', {}],
    ];
    const seen = [];
    for (const [nth, [query, mask]] of masks.entries()) {
      const changes = { subscription: { ackDeadlineSeconds: 20 + nth }, ...mask };
      seen.push((await update(query, changes)).json.ackDeadlineSeconds);
    }

    expect(seen).toEqual([20, 21, 22]);
  });

  it('gives enums as numbers when a client asks for them', async () => {
    const { subscription } = await ofRoute();

    const { json } = await ask('GET', `/v1/${subscription}?$alt=json;enum-encoding=int`);

    expect(json.state).toBe(1);
  });
});

describe('a detached subscription', () => {
  it('loses its messages, gets no more, and refuses whoever pulls, on both wires', async () => {
    const { topic, subscription, publish, openStream } = await emulator.route();
    const request = { subscription: emulator.subscriptionName(subscription) };
    await publish('gone');

    await emulator.call('DetachSubscription', request);
    await publish('never there');

    expect(await emulator.call('GetSubscription', request)).toMatchObject({ detached: true });
    const pull = { ...request, maxMessages: 1, returnImmediately: true };
    expect(await emulator.codeOf('Pull', pull)).toBe(CODE.FAILED_PRECONDITION);
    const stream = openStream();
    expect(await until('the end', () => stream.code())).toBe(CODE.FAILED_PRECONDITION);
    const { subscriptions = [] } = await emulator.call('ListTopicSubscriptions', {
      topic: emulator.topicName(topic),
    });
    expect(subscriptions).toEqual([]);
  });
});

describe('a message in JSON', () => {
  it('keeps its bytes, its attributes and its key', async () => {
    const { topic, subscription } = await ofRoute();
    const bytes = Buffer.from([0, 255, 254, 62, 63]);
    const attributes = { ключ: 'значение', constructor: 'x' };

    const message = { data: bytes.toString('base64'), attributes, orderingKey: 'k' };
    const published = await ask('POST', `/v1/${topic}:publish`, { messages: [message] });
    const pulled = await ask('POST', `/v1/${subscription}:pull`, { maxMessages: 1 });

    const [messageId] = published.json.messageIds as string[];
    expect(pulled.json).toEqual({
      receivedMessages: [
        {
          ackId: expect.any(String),
          message: {
            ...message,
            messageId,
            publishTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/),
          },
        },
      ],
    });
  });

  it('is read from gzip, and from base64 of the alphabet for addresses', async () => {
    const { topic, subscription } = await ofRoute();
    const response = await fetch(`http://${emulator.address()}/v1/${topic}:publish`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(JSON.stringify({ messages: [{ data: '-_8' }] })),
    });

    const pulled = await emulator.call('Pull', { subscription, maxMessages: 1 });
    expect(response.status).toBe(200);
    expect(pulled.receivedMessages).toMatchObject([{ message: { data: Buffer.from([251, 255]) } }]);
  });

  it('of 10 MB is taken', async () => {
    const { topic } = await ofRoute();
    const data = Buffer.alloc(9_900_000, 'x').toString('base64');

    expect((await ask('POST', `/v1/${topic}:publish`, { messages: [{ data }] })).status).toBe(200);
  });

  it('is refused beyond 32 MiB, also to a client that sends everything before it listens', async () => {
    const path = `${await topicPath()}:publish`;
    const head = (bytes: number) =>
      `POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${bytes}\r\n\r\n`;
    const [large, far] = [33_554_433, 134_217_729];
    const message = 'Request payload size exceeds the limit: 33554432 bytes.';

    expect(await sendRaw(head(large) + 'x'.repeat(large))).toContain(message);
    // Nobody would read that much to throw it away.
    expect(await sendRaw(head(far))).toContain(message);
  });

  it('is refused when it unzips to more than 32 MiB', async () => {
    const body = gzipSync(Buffer.alloc(33_554_433, ' '));

    const response = await fetch(`http://${emulator.address()}${await topicPath()}:publish`, {
      method: 'POST',
      headers: { 'content-encoding': 'gzip' },
      body,
    });

    expect(body.byteLength).toBeLessThan(100_000);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('exceeds')]);
  });
});

describe('an error', () => {
  it.for<[string, unknown, string]>([
    ['a field that does not exist', { foo: 1 }, 'Unknown name "foo": Cannot find field.'],
    [
      'one in a message',
      { messages: [{ dta: 'eA==' }] },
      `Unknown name "dta" at 'messages[0]': Cannot find field.`,
    ],
    ['a field twice', { messages: [{ orderingKey: '', ordering_key: '' }] }, 'is there twice'],
    ['text in place of a list', { messages: 'x' }, `Invalid value at 'messages': expected a list.`],
    ['no base64', { messages: [{ data: 'ä' }] }, `Invalid value at 'messages[0].data': expected base64.`],
    [
      'a number as an attribute',
      { messages: [{ attributes: { a: 1 } }] },
      `Invalid value at 'messages[0].attributes.a': expected a text.`,
    ],
    [
      'an attribute that JavaScript would lose',
      '{"messages":[{"attributes":{"__proto__":"x","a":"b"}}]}',
      `Invalid value at 'messages[0].attributes': expected no key "__proto__".`,
    ],
    ['a list', [], `Invalid value at 'the body': expected an object.`],
    ['no JSON', '{"messages":', 'The body is not JSON in UTF-8.'],
  ])('names %s, without quoting the body', async ([, body, message]) => {
    const answer = await ask('POST', `${await topicPath()}:publish`, body);

    expect(answer).toEqual(refusal(400, 'INVALID_ARGUMENT', expect.stringContaining(message)));
  });

  it.for<[string, string, object, string]>([
    ['a duration', 'PUT', { messageRetentionDuration: 600 }, 'expected seconds such as "600s"'],
    ['a number', 'PUT', { ackDeadlineSeconds: 1.5 }, 'expected a 32-bit whole number'],
    ['a bool', 'PUT', { enableMessageOrdering: 'yes' }, 'expected true or false'],
  ])('names the type of a field: %s', async ([, verb, body, message]) => {
    const { subscription } = await ofRoute();

    const answer = await ask(verb, `/v1/${subscription}-2`, body);

    expect(answer).toEqual(refusal(400, 'INVALID_ARGUMENT', expect.stringContaining(message)));
  });

  it.for<[string, string, number, string, string]>([
    ['GET', '/v1/nothing', 404, 'NOT_FOUND', 'no method GET /v1/nothing'],
    ['POST', '/v1/projects/p/topics', 404, 'NOT_FOUND', 'no method POST'],
    ['GET', '/v1/projects/p/topics/abc', 404, 'NOT_FOUND', 'Resource not found (resource=abc)'],
    ['GET', '/v1/projects/p/topics?foo=1', 400, 'INVALID_ARGUMENT', 'Cannot bind query parameter'],
    ['GET', '/v1/projects/p/topics?pageSize=x', 400, 'INVALID_ARGUMENT', `at 'pageSize'`],
    ['GET', '/v1/projects/p/topics?pageSize=0x10', 400, 'INVALID_ARGUMENT', `at 'pageSize'`],
    ['GET', '/v1/projects/p/topics?pageSize=%2016', 400, 'INVALID_ARGUMENT', `at 'pageSize'`],
    ['GET', '/v1/projects/p/topics?alt=media', 400, 'INVALID_ARGUMENT', 'alt takes json'],
    ['GET', '/v1/projects/p/topics?fields=topics', 501, 'UNIMPLEMENTED', 'no parameter fields'],
    ['GET', '/v1/projects/p/topics/%E0%A4%A', 400, 'INVALID_ARGUMENT', 'encodes nothing'],
    ['GET', '/v1/projects/p/snapshots', 501, 'UNIMPLEMENTED', 'no ListSnapshots'],
    ['GET', '/v1/projects/p/schemas', 501, 'UNIMPLEMENTED', 'no ListSchemas'],
    ['GET', '/v1/projects/p/topics/abc:getIamPolicy', 501, 'UNIMPLEMENTED', 'no IAM'],
  ])('has Google’s form: %s %s', async ([verb, path, code, status, message]) => {
    expect(await ask(verb, path)).toEqual(refusal(code, status, expect.stringContaining(message)));
  });

  it('is told for a gzip body that is none, and for other encodings', async () => {
    const path = `${await topicPath()}:publish`;

    const gzip = await ask('POST', path, '{}', { 'content-encoding': 'gzip' });
    const br = await ask('POST', path, '{}', { 'content-encoding': 'br' });

    expect(gzip).toEqual(refusal(400, 'INVALID_ARGUMENT', expect.stringContaining('not gzip')));
    expect(br).toEqual(refusal(400, 'INVALID_ARGUMENT', expect.stringContaining('gzip or identity, not br')));
  });

  it.for<[string, string, string]>([
    ['no HTTP', 'HELLO\r\n\r\n', 'HTTP/1.1 400 '],
    ['too large headers', `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`, 'HTTP/1.1 431 '],
  ])('is told for %s, and the connection is closed', async ([, bytes, status]) => {
    const answer = await sendRaw(bytes);

    expect(answer).toContain(status);
    expect(answer).toContain('"status":"INVALID_ARGUMENT"');
  });
});

describe('a web page', () => {
  it('cannot write: an Origin is refused', async () => {
    const answer = await ask('PUT', '/v1/projects/p/topics/page', {}, { origin: 'https://page.example' });

    expect(answer).toEqual(refusal(403, 'PERMISSION_DENIED', expect.stringContaining('without an Origin')));
    expect((await ask('GET', '/v1/projects/p/topics/page')).status).toBe(404);
  });

  it('cannot write under its own name: a foreign Host is refused', async () => {
    const answer = await sendRaw(
      'PUT /v1/projects/p/topics/page HTTP/1.1\r\nhost: page.example\r\nconnection: close\r\n\r\n',
    );

    expect(answer).toContain('HTTP/1.1 403 ');
    expect(answer).toContain('expected the Host localhost or 127.0.0.1 or [::1]');
  });
});

describe('a pull that waits', () => {
  it('is told when its client is gone, so that it takes nothing any more', async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const waitForEver = (_: unknown, signal: AbortSignal) => {
      started.resolve(signal);
      return new Promise<object>(() => {});
    };
    const protos = loadProtos();
    const Subscriber = { definition: loadServices(protos).Subscriber, methods: { Pull: waitForEver } };
    const types = createProtoTypes(protos);
    const server = serveRest({ services: { Subscriber }, types, refuse: () => undefined });
    const port = await findFreePort();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const gone = new AbortController();
    const url = `http://127.0.0.1:${port}/v1/projects/p/subscriptions/sub:pull`;
    const waiting = fetch(url, { method: 'POST', body: '{"maxMessages":1}', signal: gone.signal });

    const signal = await started.promise;
    expect(signal.aborted).toBe(false);
    gone.abort();

    await expect(waiting).rejects.toThrow('aborted');
    await until('the signal', () => signal.aborted);
  });

  it('hears that the server stops', async () => {
    const part = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
    const base = `http://${part.address}/v1/projects/p`;
    await fetch(`${base}/topics/topic`, { method: 'PUT' });
    const topic = JSON.stringify({ topic: 'projects/p/topics/topic' });
    await fetch(`${base}/subscriptions/sub`, { method: 'PUT', body: topic });
    const waiting = fetch(`${base}/subscriptions/sub:pull`, { method: 'POST', body: '{"maxMessages":1}' });
    await fetch(`${base}/topics/topic`);

    await part.stop();

    expect((await waiting).status).toBe(503);
    await expect(fetch(`http://${part.address}`)).rejects.toThrow('fetch failed');
  });
});
