import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { findJava } from '../../../local/findPrograms.ts';
import { findFreePort } from '../../../local/ports.ts';
import { findEmulatorJar } from '../../../local/pubsub/findEmulatorJar.ts';
import { startGoogleEmulator } from '../../../local/pubsub/startGoogleEmulator.ts';
import { describeContract } from './contract.ts';
import { KNOWN_DIFFERENCES, type KnownDifference } from './knownDifferences.ts';

const jar = findEmulatorJar(process.env);
const java = await findJava(process.env);
const isMissing = jar === undefined || 'missing' in java;
if (isMissing) {
  console.warn(
    'SKIPPED: the Pub/Sub contract on Google’s emulator, because this machine has no Cloud SDK with it, or no Java',
  );
}

describe.skipIf(isMissing).for(['grpc', 'rest'] as const)(
  'the Pub/Sub contract, on Google’s emulator, over %s',
  (wire) => {
    let folder = '';
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tally-emulator-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    describeContract(
      async () =>
        startGoogleEmulator({
          jar: jar ?? '',
          java: 'found' in java ? java.found.command : '',
          port: await findFreePort(),
          logFolder: folder,
          why: 'the test',
        }),
      wire,
      Object.keys(KNOWN_DIFFERENCES) as KnownDifference[],
    );
  },
);
