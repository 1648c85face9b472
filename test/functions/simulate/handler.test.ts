import { describe, expect, it, vi } from 'vitest';
import { describeRequests } from '../../../functions/simulate/describeRequests.ts';
import { parseExpectation } from '../../../shared/audit/expectation.ts';
import { TransientError } from '../../../shared/errors.ts';
import { recorder, RUN_ID, serveSimulate } from '../../support/functions/serveSimulate.ts';
import { endStateOf } from './readMessages.ts';

const bigintsToNumbers = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? Number(value) : value;

describe('POST simulate', () => {
  it('publishes scenario A of the reference and says what it did', async () => {
    const { messages, publish } = recorder();
    const { post } = await serveSimulate(publish);

    const response = await post({ timeScale: 0 });

    const answer: Record<string, unknown> = JSON.parse(await response.text());
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(answer).toMatchObject({
      runId: RUN_ID,
      preset: 'reference',
      scenario: 'A',
      seed: 1,
      published: { orders: 250, payments: 500, malformed: 0, messages: 750, failed: 0 },
      failures: [],
      seconds: expect.any(Number),
      expected: { unpaid: [], conflicts: [], changed: [], rivals: [], invalid: [] },
    });
    expect(messages).toHaveLength(750);
    expect(messages.every(({ attributes }) => attributes === undefined)).toBe(true);
  });

  it('answers an expectation that the audit reads, for a run with everything in it', async () => {
    const { messages, publish } = recorder();
    const { post } = await serveSimulate(publish);

    const response = await post({
      preset: 'shop',
      orders: 3000,
      missing: 0.1,
      unpaid: 0.5,
      duplicates: 0.1,
      doublePaid: 0.5,
      malformed: 0.5,
      versions: 0.1,
      changed: 0.2,
      statusMoves: 0.2,
    });

    const text = await response.text();
    const expected: ReturnType<typeof endStateOf> = JSON.parse(
      JSON.stringify(parseExpectation(text), bigintsToNumbers),
    );
    const truth = endStateOf(messages);
    expect(JSON.parse(text)).toMatchObject({
      preset: 'shop',
      scenario: null,
      published: { messages: messages.length },
    });
    expect(truth.matched.length).toBeGreaterThan(1000);
    for (const bucket of [
      'matched',
      'parked',
      'unpaid',
      'conflicts',
      'changed',
      'rivals',
      'invalid',
    ] as const) {
      expect(new Set(expected[bucket].map((one) => JSON.stringify(one)))).toEqual(
        new Set(truth[bucket].map((one) => JSON.stringify(one))),
      );
      expect(expected[bucket]).toHaveLength(truth[bucket].length);
    }
  });

  it('answers 502 with the count when publishes fail', async () => {
    const { post, lines } = await serveSimulate(async (topic) => {
      if (topic === 'payments_data') throw new TransientError('publish to payments_data was not confirmed');
      return 'id';
    });

    const response = await post({ timeScale: 0 });

    const { published, failures, expected } = JSON.parse(await response.text());
    expect(response.status).toBe(502);
    expect(published.failed).toBeGreaterThanOrEqual(100);
    expect(published.messages).toBe(published.orders);
    expect(failures).toEqual(['publish to payments_data was not confirmed']);
    expect(expected.matched).toHaveLength(80);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      severity: 'WARNING',
      message: 'simulation finished',
      outcome: 'failed',
    });
  });

  it('logs one line a run, tied to the request’s trace', async () => {
    const { post, lines } = await serveSimulate(recorder().publish);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

    await (await post({ timeScale: 0 }, { headers: { traceparent } })).text();

    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({
      severity: 'INFO',
      message: 'simulation finished',
      outcome: 'published',
      run_id: RUN_ID,
      preset: 'reference',
      scenario: 'A',
      seed: 1,
      orders: 250,
      payments: 500,
      malformed: 0,
      failed: 0,
      'logging.googleapis.com/trace': 'projects/tally-test/traces/0af7651916cd43dd8448eb211c80319c',
    });
  });

  it('answers 400 with every problem and publishes nothing', async () => {
    const { messages, publish } = recorder();
    const { post, lines } = await serveSimulate(publish);

    const response = await post({ preset: 'shop', orders: 0, early: 2 });

    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: 'the request is not valid',
      problems: [
        'orders: expected a whole number from 1 to 100000, got 0',
        'early: expected a number from 0 to 1, got 2',
      ],
    });
    expect(messages).toEqual([]);
    expect(lines).toMatchObject([{ severity: 'WARNING', message: 'request refused', status: 400 }]);
  });

  it('answers 405 to a GET and names the method that it takes', async () => {
    const { post } = await serveSimulate(recorder().publish);

    const response = await post(undefined, { method: 'GET' });

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('answers to OPTIONS which fields a request may have', async () => {
    const { messages, publish } = recorder();
    const { post, lines } = await serveSimulate(publish);

    const response = await post(undefined, { method: 'OPTIONS' });

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(JSON.parse(JSON.stringify(describeRequests())));
    expect([messages, lines]).toEqual([[], []]);
  });

  it('answers 413 to a body above the limit', async () => {
    const { post } = await serveSimulate(recorder().publish);

    const response = await post({ seed: 'x'.repeat(65_536) });

    expect(response.status).toBe(413);
  });

  it('stops publishing when the client goes away', async () => {
    const { messages, publish } = recorder();
    const { post, lines } = await serveSimulate(publish);
    const controller = new AbortController();

    const request = post({ timeScale: 1 }, { signal: controller.signal });
    await vi.waitFor(() => expect(messages.length).toBeGreaterThan(0));
    controller.abort();

    await expect(request).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({ message: 'simulation finished', outcome: 'abandoned' });
    expect(messages.length).toBeLessThan(10);
  });

  it('answers 500 and logs an error when something is wrong with the simulator itself', async () => {
    const { post, lines } = await serveSimulate(recorder().publish, () => {
      throw new TypeError('a bug');
    });

    const response = await post({ timeScale: 0 });

    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: 'internal error' });
    expect(lines).toMatchObject([
      { severity: 'ERROR', message: 'simulation failed', error: 'TypeError: a bug' },
    ]);
  });
});
