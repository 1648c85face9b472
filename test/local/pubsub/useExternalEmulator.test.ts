import { expect, it } from 'vitest';
import { useExternalEmulator } from '../../../local/pubsub/useExternalEmulator.ts';
import { errorOf } from '../../support/errorOf.ts';
import { takePort } from '../../support/takePort.ts';

it('looks where PUBSUB_EMULATOR_HOST says, also at a port that is the default of HTTP', async () => {
  const error = await errorOf(useExternalEmulator({ PUBSUB_EMULATOR_HOST: '127.0.0.1:80' }, 1));

  expect(error).toMatchObject({
    message: 'PUBSUB_EMULATOR_HOST: nothing answers at 127.0.0.1:80',
    cause: { message: 'nothing answers at 127.0.0.1:80 after 1 ms' },
  });
});

it('takes what answers there', async () => {
  const { port, close } = await takePort();

  const part = await useExternalEmulator({ PUBSUB_EMULATOR_HOST: `localhost:${port}` });

  await close();
  expect(part).toMatchObject({ kind: 'external', address: `localhost:${port}` });
});

it.each(['[::1]:8085', 'localhost', '127.0.0.1:0'])('refuses what no client can use: %s', async (address) => {
  const { message } = await errorOf(useExternalEmulator({ PUBSUB_EMULATOR_HOST: address }, 1));

  expect(message).toContain('PUBSUB_EMULATOR_HOST: expected host:port, such as localhost:8085');
});
