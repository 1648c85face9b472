import type { LocalPart } from '../../../local/localPart.ts';
import { describeDeadLetters } from './deadLetterContract.ts';
import { setUpEmulator } from './emulator.ts';
import type { KnownDifference } from './knownDifferences.ts';
import { describePull } from './pullContract.ts';
import { describePush } from './pushContract.ts';
import { describeResources } from './resourceContract.ts';
import { describeSeek } from './seekContract.ts';
import { describeStreamingPull } from './streamingPullContract.ts';
import type { WireName } from './wires.ts';

/**
 * One suite for every local Pub/Sub and for both wires. Call it inside a `describe` that names the one under
 * test.
 */
export const describeContract = (
  start: () => Promise<LocalPart>,
  wire: WireName,
  differences: readonly KnownDifference[] = [],
): void => {
  const emulator = setUpEmulator(start, differences, wire);
  describeResources(emulator);
  describePush(emulator);
  describePull(emulator);
  describeSeek(emulator);
  describeDeadLetters(emulator);
  if (wire === 'grpc') describeStreamingPull(emulator);
};
