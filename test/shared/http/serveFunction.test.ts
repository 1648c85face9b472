import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PushAnswer } from '../../../shared/messaging/pushEndpoint.ts';
import { toHttpHandler } from '../../../shared/http/httpHandler.ts';
import { setUpServing } from '../../support/functions/serving.ts';

const { serve, connection, exit, complained } = setUpServing();

describe('a served function', () => {
  it.each([
    ['JSON', 'application/json', '{"a": 1}'],
    ['what is called JSON and is not', 'application/json', '4111111111111111 {'],
    ['a form', 'application/x-www-form-urlencoded', 'a=1'],
    ['an event of CloudEvents', 'application/cloudevents+json', '{"a": 1}'],
    ['a text', 'text/plain; charset=latin1', 'é'],
  ])('gets %s as the bytes that were sent', async (_what, contentType, body) => {
    const { send } = await serve((received, response) => {
      response.end(received.rawBody);
    });

    const answer = await send(body, { 'content-type': contentType });

    expect(answer).toMatchObject({ status: 200, body });
  });

  it('gets a packed body as it is, for unpacking could fill the memory', async () => {
    const packed = gzipSync('{"a": 1}');
    const { send } = await serve((received, response) => {
      response.end(Buffer.from(received.rawBody ?? []).toString('base64'));
    });

    const answer = await send(packed, { 'content-encoding': 'gzip', 'content-type': 'application/json' });

    expect(answer.body).toBe(packed.toString('base64'));
  });

  it('keeps its connections while nobody tells it to go', async () => {
    const { send, said } = await serve((_, response) => {
      response.end('done');
    });
    const agent = connection();

    const answers = [await send('', {}, agent), await send('', {}, agent)];

    expect(answers.map(({ headers }) => headers.connection)).toEqual(['keep-alive', 'keep-alive']);
    expect(said()).toEqual([]);
    expect(exit()).not.toHaveBeenCalled();
    expect(complained()).not.toHaveBeenCalled();
  });
});

describe('the answer to a push', () => {
  it.each([
    ['an ack', { status: 204 }, '', undefined],
    ['a nack', { status: 503 }, '', undefined],
    [
      'a refusal',
      { status: 400, error: 'expected a Pub/Sub push' },
      '{"error":"expected a Pub/Sub push"}',
      undefined,
    ],
    [
      'a refused method',
      { status: 405, error: 'expected POST, got GET' },
      '{"error":"expected POST, got GET"}',
      'POST',
    ],
  ] satisfies [string, PushAnswer, string, string | undefined][])(
    'of %s has its status, its reason and the methods that are allowed where one was not',
    async (_what, pushAnswer, body, allow) => {
      const { send } = await serve(toHttpHandler(async () => pushAnswer));

      const answer = await send();

      expect(answer).toMatchObject({ status: pushAnswer.status, body });
      expect(answer.headers.allow).toBe(allow);
    },
  );
});
