import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

/** The module, loaded anew in a topology of another ack deadline. */
const load = async (name: 'publisher' | 'pushEndpoint', ackDeadlineSeconds: number): Promise<unknown> => {
  vi.doMock('../../../shared/topology.ts', async (importOriginal) => ({
    ...(await importOriginal<object>()),
    ACK_DEADLINE_SECONDS: ackDeadlineSeconds,
  }));
  return name === 'publisher'
    ? import('../../../shared/messaging/publisher.ts')
    : import('../../../shared/messaging/pushEndpoint.ts');
};

describe('the time limits', () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.doUnmock('../../../shared/topology.ts'));

  it.each([
    ['publisher', 15, 'PUBLISH_TIMEOUT_MS must be below the ack deadline'],
    ['pushEndpoint', 55, 'a handler and the publish of its dead letter must fit into the ack deadline'],
  ] as const)('let no function start with %s in an ack deadline of %d s', async (name, seconds, message) => {
    await expect(load(name, seconds)).rejects.toThrow(message);
  });

  it.each([
    ['publisher', 16],
    ['pushEndpoint', 56],
  ] as const)('let one start with %s in a deadline of %d s', async (name, seconds) => {
    await expect(load(name, seconds)).resolves.toBeDefined();
  });
});
