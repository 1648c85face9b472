import { afterEach, describe, expect, it, vi } from 'vitest';
import { findFreePort } from '../../../local/ports.ts';
import { TransientError } from '../../../shared/errors.ts';
import { createPublisher } from '../../../shared/messaging/publisher.ts';

describe('a publish', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('ends in time when Pub/Sub refuses every connection, whatever pause the client is in', async () => {
    vi.stubEnv('PUBSUB_EMULATOR_HOST', `127.0.0.1:${await findFreePort()}`);
    vi.stubEnv('METADATA_SERVER_DETECTION', 'none');
    const publisher = createPublisher({ projectId: 'tally-publisher-test', environment: undefined }, 250);

    const publishing = publisher.publish('dlq_orders_data', { data: Buffer.from('x') });

    const error = await publishing.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({
      message: 'publish to dlq_orders_data was not confirmed',
      cause: { message: 'no confirmation within 250 ms' },
    });
    await publisher.close();
  });
});
