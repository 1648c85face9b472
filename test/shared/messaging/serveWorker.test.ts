import { afterEach, beforeEach, describe, expect, it, type MockInstance, onTestFinished, vi } from 'vitest';
import { provision } from '../../../local/pubsub/provision.ts';
import { findFreePort } from '../../../local/ports.ts';
import { startLocalPubSub } from '../../../local/pubsub/startLocalPubSub.ts';
import { until } from '../../../proof/until.ts';
import { ack } from '../../../shared/messaging/settlement.ts';
import { serveWorker } from '../../../shared/messaging/serveWorker.ts';
import { createRecordingLog } from '../../support/functions/recordingLog.ts';

const PROJECT_ID = 'tally-worker-test';
const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

describe('a worker’s process', () => {
  let exit: MockInstance<typeof process.exit>;
  let listenersBefore: readonly (readonly unknown[])[] = [];

  beforeEach(() => {
    listenersBefore = SIGNALS.map((signal) => process.rawListeners(signal));
    exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as () => never);
  });
  afterEach(() => {
    for (const signal of SIGNALS) for (const one of added(signal)) process.removeListener(signal, one);
    vi.restoreAllMocks();
  });

  const added = (signal: (typeof SIGNALS)[number]) =>
    process
      .rawListeners(signal)
      .filter((one) => listenersBefore[SIGNALS.indexOf(signal)]?.includes(one) !== true) as (() => void)[];

  const serve = async (close: () => Promise<unknown>, isProvisioned = true) => {
    const pubsub = await startLocalPubSub({ port: await findFreePort(), why: 'the test' });
    onTestFinished(() => pubsub.stop());
    const topology = { projectId: PROJECT_ID, pubsub: pubsub.address, functionUrls: {} };
    if (isProvisioned) await provision({ ...topology, isGoogleEmulator: false });
    const { log, lines } = createRecordingLog();
    const part = { handle: async () => ack('stored'), tell: async () => {}, log };
    await serveWorker({
      config: {
        projectId: PROJECT_ID,
        pubsubEmulatorHost: pubsub.address,
        environment: undefined,
        logLevel: 'info',
      },
      parts: { onOrder: part, onPayment: part, onDlq: part },
      log,
      close,
    });
    return {
      lines,
      said: () => lines().map((line) => [line.severity, line.message]),
      signal: (name: (typeof SIGNALS)[number]): void => added(name)[0]?.(),
      untilExit: () => until('the exit', () => exit.mock.calls.length > 0),
    };
  };

  it.each(SIGNALS)('drains by %s, closes what it opened, and ends well', async (name) => {
    const close = vi.fn<() => Promise<unknown>>().mockResolvedValue(undefined);
    const { lines, said, signal, untilExit } = await serve(close);

    signal(name);
    signal(name);
    await untilExit();

    expect(exit).toHaveBeenCalledExactlyOnceWith(0);
    expect(close).toHaveBeenCalledTimes(1);
    expect(said()).toEqual([
      ['INFO', 'pulling'],
      ['INFO', 'draining'],
      ['INFO', 'draining'],
      ['INFO', 'drained'],
    ]);
    expect(lines()[1]).toMatchObject({ signal: name, messages_in_hand: 0, messages_waiting: 0 });
  });

  it('ends with 1 when a stream has ended for good', async () => {
    const { lines, said, untilExit } = await serve(async () => {}, false);

    await untilExit();

    expect(exit).toHaveBeenCalledExactlyOnceWith(1);
    expect(said()).toEqual(
      expect.arrayContaining([
        ['ERROR', 'stream ended'],
        ['INFO', 'drained'],
      ]),
    );
    const ended = lines().find(({ message }) => message === 'stream ended');
    expect(ended).toMatchObject({ error: expect.stringContaining('_data-sub') as string });
  });

  it('ends with 1 when it could not close what it opened', async () => {
    const { lines, said, signal, untilExit } = await serve(() => Promise.reject(new Error('no answer')));

    signal('SIGTERM');
    await untilExit();

    expect(exit).toHaveBeenCalledExactlyOnceWith(1);
    expect(said().at(-1)).toEqual(['ERROR', 'not drained']);
    expect(lines().at(-1)).toMatchObject({ error: 'Error: no answer' });
  });
});
