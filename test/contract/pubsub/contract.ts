import type { LocalPart } from '../../../local/localPart.ts';
import { describeDeadLetters } from './deadLetterContract.ts';
import { setUpEmulator } from './emulator.ts';
import type { KnownDifference } from './knownDifferences.ts';
import { describePull } from './pullContract.ts';
import { describePush } from './pushContract.ts';
import { describeResources } from './resourceContract.ts';
import { describeStreamingPull } from './streamingPullContract.ts';

/** One suite for every local Pub/Sub. Call it inside a `describe` that names the one under test. */
export const describeContract = (
  start: () => Promise<LocalPart>,
  differences: readonly KnownDifference[] = [],
): void => {
  const emulator = setUpEmulator(start, differences);
  describeResources(emulator);
  describePush(emulator);
  describePull(emulator);
  describeStreamingPull(emulator);
  describeDeadLetters(emulator);
};
