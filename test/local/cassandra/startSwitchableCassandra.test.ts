import { describe, expect, it, onTestFinished } from 'vitest';
import { startSwitchableCassandra } from '../../../local/cassandra/startSwitchableCassandra.ts';
import { findFreePort } from '../../../local/ports.ts';
import { errorOf } from '../../support/errorOf.ts';

/** A switch over a process that fails to stop as often as it is told to. */
const startSwitch = async () => {
  const begun: string[] = [];
  const failures: string[] = [];
  let die: (error: unknown) => void = () => {};
  const part = await startSwitchableCassandra(
    {
      kind: 'maven',
      port: await findFreePort(),
      downloadFolder: '/unused',
      logFolder: '/unused',
      dataFolder: '/unused',
      env: {},
      progress: () => {},
      onCassandraDied: () => {},
    },
    'a test',
    async () => {
      begun.push('start');
      const died = Promise.withResolvers<never>();
      die = died.reject;
      return {
        name: 'Cassandra',
        kind: 'maven',
        address: '',
        why: '',
        keepsState: true,
        env: {},
        died: died.promise,
        stop: async () => {
          begun.push('stop');
          const failure = failures.shift();
          if (failure !== undefined) throw new Error(failure);
        },
      };
    },
  );
  onTestFinished(part.stop);
  return { ...part.cassandraSwitch, begun, failures, die: (error: unknown) => die(error) };
};

describe('a Cassandra with a switch that fails to stop', () => {
  it('says why, and can be started again after what was left is ended', async () => {
    const { state, stop, start, begun, failures } = await startSwitch();
    failures.push('the lock cannot be removed');

    const error = await errorOf(stop());
    const { name, problem } = state();
    await start();

    expect(error.message).toBe('the lock cannot be removed');
    expect({ name, problem }).toEqual({ name: 'stopped', problem: 'the lock cannot be removed' });
    expect(state()).toMatchObject({ name: 'running', problem: undefined });
    expect(begun).toEqual(['start', 'stop', 'stop', 'start']);
  });

  it('says why a start fails for the same reason, and stays stopped', async () => {
    const { state, stop, start, failures } = await startSwitch();
    failures.push('no way', 'still no way');
    await errorOf(stop());

    const error = await errorOf(start());

    expect(error.message).toBe('still no way');
    expect(state()).toMatchObject({ name: 'stopped', problem: 'still no way' });
  });

  it('can be started again when it died and could not be cleaned up', async () => {
    const { state, start, die, begun, failures } = await startSwitch();
    failures.push('no way');

    die(new Error('it was killed'));
    await expect.poll(() => state().problem).toBe('no way');
    await start();

    expect(state()).toMatchObject({ name: 'running', problem: undefined });
    expect(begun).toEqual(['start', 'stop', 'stop', 'start']);
  });
});
