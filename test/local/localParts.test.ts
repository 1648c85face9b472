import { describe, expect, it } from 'vitest';
import type { LocalPart } from '../../local/localPart.ts';
import { createLocalParts } from '../../local/localParts.ts';
import { ProcessEndedError } from '../../local/processEndedError.ts';
import { SystemStoppedError } from '../../local/systemStoppedError.ts';
import { errorOf } from '../support/errorOf.ts';

/** A part that the test can let die. It records that it was stopped. */
const createPart = (name: string, stopped: string[]) => {
  const death = Promise.withResolvers<never>();
  const part: LocalPart = {
    name,
    kind: 'docker',
    address: '127.0.0.1:1',
    why: 'the test',
    keepsState: false,
    env: {},
    died: death.promise,
    stop: async () => void stopped.push(name),
  };
  const die = (): void =>
    death.reject(
      new ProcessEndedError({ process: name, how: 'ended with code 3', logFile: '/log', lastLines: [] }),
    );
  return { part, die };
};

const deathOf = async (name: string, keepsState: boolean): Promise<Error> => {
  const parts = createLocalParts(keepsState);
  const { part, die } = createPart(name, []);
  await parts.keep(Promise.resolve(part));
  die();
  return errorOf(parts.died);
};

describe('the parts of a system', () => {
  it('end with the first that dies, and the error says which', async () => {
    const error = await deathOf('onOrder', true);

    expect(error).toBeInstanceOf(SystemStoppedError);
    expect(error).toMatchObject({
      message: 'everything was stopped',
      advice: 'Start again.',
      cause: { message: 'onOrder ended with code 3; its log is /log' },
    });
  });

  it('are started with --fresh only where Cassandra has died and there are data to delete', async () => {
    const fresh =
      'Start again. If Cassandra ends again, add --fresh, which deletes the data of earlier runs.';

    expect(await deathOf('Cassandra', true)).toMatchObject({ advice: fresh });
    expect(await deathOf('Cassandra', false)).toMatchObject({ advice: 'Start again.' });
  });

  it('are stopped once, the functions first', async () => {
    const stopped: string[] = [];
    const parts = createLocalParts(true);
    for (const name of ['Cassandra', 'onOrder', 'Pub/Sub', 'onDlq'])
      await parts.keep(Promise.resolve(createPart(name, stopped).part));

    await Promise.all([parts.stop(), parts.stop()]);

    expect(stopped).toEqual(['onOrder', 'onDlq', 'Cassandra', 'Pub/Sub']);
  });

  it('are stopped also when they start after the others were stopped', async () => {
    const stopped: string[] = [];
    const parts = createLocalParts(true);
    const late = Promise.withResolvers<LocalPart>();
    const keeping = parts.keep(late.promise);
    await parts.stop();

    late.resolve(createPart('onOrder', stopped).part);
    await keeping;

    expect(stopped).toEqual(['onOrder']);
  });

  it('give back an error that is not about a process', () => {
    const error = new Error('the configuration is not valid');

    expect(createLocalParts(true).advised(error)).toBe(error);
  });
});
