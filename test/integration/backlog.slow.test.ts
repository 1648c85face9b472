import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { orderBytes, paymentBytes } from '../../proof/referenceMessages.ts';
import { hasCassandra } from '../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../support/functions/integration.ts';
import { pushRequest } from '../support/messages/builders.ts';

const PUSHES = 1_000;

/** A push on a connection of its own, so that all are in flight at the same time. */
const push = async (url: string, agent: Agent, body: Buffer): Promise<number | undefined> => {
  const sent = request(url, { method: 'POST', agent });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
};

const countOf = (values: readonly unknown[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(Object.groupBy(values, String)).map(([value, all]) => [value, all?.length ?? 0]),
  );

describe.skipIf(!hasCassandra)('a backlog, with no fault anywhere', () => {
  const { start, store } = setUpIntegration();

  it(`of ${2 * PUSHES} pushes at once has no retry, and loses nothing`, async () => {
    const { urls, outcomes } = await start();
    const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
    onTestFinished(() => agent.destroy());
    const pushes = Array.from({ length: PUSHES }, (_, index) => [
      { url: urls.onOrder, topic: 'orders_data', data: orderBytes({ order_id: String(index) }) },
      {
        url: urls.onPayment,
        topic: 'payments_data',
        data: paymentBytes({ order_id: String(index), payment_id: String(index) }),
      },
    ]).flat();

    const statuses = await Promise.all(
      pushes.map(({ url, topic, data }, index) => {
        const { rawBody } = pushRequest({
          body: { subscription: `projects/tally-local/subscriptions/${topic}-sub` },
          message: { data: data.toString('base64'), messageId: String(index), message_id: String(index) },
        });
        return push(url, agent, rawBody);
      }),
    );

    expect(countOf(statuses)).toEqual({ 204: 2 * PUSHES });
    const settled = outcomes().filter((outcome) => outcome.function !== 'onDlq');
    expect(countOf(settled.map(({ settlement }) => settlement))).toEqual({ ack: 2 * PUSHES });
    const entries = await Promise.all(
      Array.from(
        { length: PUSHES },
        async (_, index) => (await store().findEntries(BigInt(index), true)).entries.length,
      ),
    );
    expect(countOf(entries)).toEqual({ 2: PUSHES });
  });
});
