import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { findJava } from '../../local/findPrograms.ts';
import { findFreePort } from '../../local/ports.ts';
import { findEmulatorJar } from '../../local/pubsub/findEmulator.ts';
import { startGoogleEmulator } from '../../local/pubsub/google.ts';
import { startLocalPubSub } from '../../local/pubsub/local.ts';
import { describePushContract } from './pushContract.ts';

describePushContract(
  'Tally’s local Pub/Sub',
  async () => startLocalPubSub(await findFreePort(), 'the test'),
  {
    hasPlainBody: false,
    acksOn: [200, 201, 202, 204],
    checksAttributes: true,
  },
);

const jar = findEmulatorJar(process.env);
const java = await findJava(process.env);
if (jar === undefined || 'missing' in java) {
  console.warn(
    'SKIPPED: the push contract on Google’s emulator, for this machine has no Cloud SDK with it, or no Java',
  );
}

describe.skipIf(jar === undefined || 'missing' in java)('with Google’s emulator', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-emulator-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  describePushContract(
    'Google’s emulator',
    async () =>
      startGoogleEmulator({
        jar: jar ?? '',
        java: 'found' in java ? java.found.command : '',
        port: await findFreePort(),
        logFolder: folder,
        why: 'the test',
      }),
    { hasPlainBody: true, acksOn: [200, 201, 204], checksAttributes: false },
  );
});
