import { describe, expect, it, vi } from 'vitest';
import { setUpServing } from '../../support/functions/serving.ts';
import { until } from '../../../proof/until.ts';
import type { HttpHandler } from '../../../shared/http/httpHandler.ts';
import { DRAIN_TIMEOUT_MS } from '../../../shared/deadlines.ts';

const { serve, connection, exit, complained, untilExit } = setUpServing();

/** A handler that holds its answers back, and how to wait until it has so many. */
const createGate = () => {
  const held: (() => void)[] = [];
  const handle: HttpHandler = (_request, response) => {
    held.push(() => response.end('done'));
  };
  return {
    handle,
    untilHeld: (count: number) => until(`${count} requests`, () => held.length === count),
    release: (index: number) => held[index]?.(),
  };
};

describe('a served function that is told to go', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s, with nothing to do, closes what it opened and goes',
    async (name) => {
      const close = vi.fn<() => Promise<void>>().mockResolvedValue();
      const { signal, said } = await serve(() => {}, close);

      signal(name);
      await untilExit();

      expect(exit()).toHaveBeenCalledExactlyOnceWith(0);
      expect(close).toHaveBeenCalledTimes(1);
      expect(said()).toEqual([
        ['INFO', 'draining', name, 0],
        ['INFO', 'drained', undefined, undefined],
      ]);
    },
  );

  it('finishes every request in flight before it closes what they need', async () => {
    const set = vi.spyOn(globalThis, 'setTimeout');
    const cleared = vi.spyOn(globalThis, 'clearTimeout');
    const gate = createGate();
    const close = vi.fn<() => Promise<void>>().mockResolvedValue();
    const { send, signal, said } = await serve(gate.handle, close);
    const answers = [send(), send()];
    await gate.untilHeld(2);

    signal('SIGTERM');
    gate.release(0);
    expect(await answers[0]).toMatchObject({ status: 200, body: 'done' });
    await new Promise(setImmediate);
    expect(close).not.toHaveBeenCalled();
    gate.release(1);
    expect(await answers[1]).toMatchObject({ status: 200, body: 'done' });
    await untilExit();

    expect(exit()).toHaveBeenCalledExactlyOnceWith(0);
    expect(close).toHaveBeenCalledTimes(1);
    expect(said()).toEqual([
      ['INFO', 'draining', 'SIGTERM', 2],
      ['INFO', 'drained', undefined, undefined],
    ]);
    // Others in this process have timers too.
    const limit = set.mock.calls.findIndex(([, delayMs]) => delayMs === DRAIN_TIMEOUT_MS);
    expect(cleared).toHaveBeenCalledWith(set.mock.results[limit]?.value);
  });

  it('gives up on requests that take too long, which were never acked and come again', async () => {
    const gate = createGate();
    const close = vi.fn<() => Promise<void>>().mockResolvedValue();
    const { send, signal, said } = await serve(gate.handle, close);
    const answer = send();
    await gate.untilHeld(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

    signal('SIGTERM');
    await vi.advanceTimersByTimeAsync(DRAIN_TIMEOUT_MS - 1);
    expect(close).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await untilExit();

    expect(exit()).toHaveBeenCalledExactlyOnceWith(0);
    expect(close).toHaveBeenCalledTimes(1);
    expect(said()).toEqual([
      ['INFO', 'draining', 'SIGTERM', 1],
      ['WARNING', 'gave up on requests in flight', undefined, 1],
      ['INFO', 'drained', undefined, undefined],
    ]);
    gate.release(0);
    await answer;
  });

  it('takes no new connection, and lets go of each that it has', async () => {
    const gate = createGate();
    const { send, signal } = await serve(gate.handle);
    const [busy, other] = [connection(), connection()];
    const first = send('', {}, busy);
    const second = send('', {}, other);
    await gate.untilHeld(2);

    signal('SIGTERM');
    gate.release(0);
    await first;
    await expect(send()).rejects.toThrow('ECONNREFUSED');
    const third = send('', {}, busy);
    await gate.untilHeld(3);
    gate.release(2);

    expect((await third).headers.connection).toBe('close');
    gate.release(1);
    await second;
    await untilExit();
  });

  it('goes once, however often it is told', async () => {
    const gate = createGate();
    const close = vi.fn<() => Promise<void>>().mockResolvedValue();
    const { send, signal, said } = await serve(gate.handle, close);
    const answer = send();
    await gate.untilHeld(1);

    signal('SIGTERM');
    signal('SIGINT');
    gate.release(0);
    await answer;
    await untilExit();

    expect(close).toHaveBeenCalledTimes(1);
    expect(exit()).toHaveBeenCalledTimes(1);
    expect(said().map(([, message]) => message)).toEqual(['draining', 'drained']);
  });

  it('goes with exit code 1 when it cannot close what it opened, and says why', async () => {
    const failure = new Error('the store does not close');
    const { signal, said } = await serve(
      () => {},
      () => Promise.reject(failure),
    );

    signal('SIGTERM');
    await untilExit();

    expect(exit()).toHaveBeenCalledExactlyOnceWith(1);
    expect(complained()).toHaveBeenCalledExactlyOnceWith(failure);
    expect(said().map(([, message]) => message)).toEqual(['draining']);
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'hears %s alone: a listener that the framework adds is taken off',
    async (name) => {
      await serve(() => {});
      const own = process.listenerCount(name);
      const exitAtOnce = (): void => {};

      process.on(name, exitAtOnce);
      await new Promise(setImmediate);

      expect(process.listeners(name)).not.toContain(exitAtOnce);
      expect(process.listenerCount(name)).toBe(own);
    },
  );

  it('takes no listener off that is for something else', async () => {
    await serve(() => {});
    const onWarning = (): void => {};

    process.on('warning', onWarning);
    await new Promise(setImmediate);

    expect(process.listeners('warning')).toContain(onWarning);
    process.removeListener('warning', onWarning);
  });

  it('keeps its own listener when it is added again', async () => {
    await serve(() => {});
    const [own] = process.listeners('SIGTERM').slice(-1);

    process.on('SIGINT', own as () => void);
    await new Promise(setImmediate);

    expect(process.listeners('SIGINT').filter((listener) => listener === own)).toHaveLength(2);
  });
});
