import type { EmulatorName } from './emulators.ts';
import { MESSAGES } from './measureRound.ts';
import type { Summary } from './summary.ts';

/** Pushes per second at a handler of 20 ms: ours by Google's. */
export const RATIO_MIN = 15;
/** Ours at a handler that answers at once, on two cores. */
export const PUSHES_PER_SECOND_MIN = 2_000;

/** What is not as it must be, one sentence each; medians are judged. */
export const missesOf = ({ metrics, counts, queued, rounds, isGoogleMissing }: Summary): string[] => {
  const { ratio } = metrics.slowPushesPerSecond;
  const perSecond = metrics.fastPushesPerSecond.ours.median;
  const names: readonly EmulatorName[] = isGoogleMissing ? ['ours'] : ['ours', 'google'];
  return [
    ...names.flatMap((name) => {
      const notQueued = MESSAGES[name].memory * rounds - queued[name];
      return [
        ...(counts[name].lost === 0 ? [] : [`${name}: ${counts[name].lost} messages were lost`]),
        ...(notQueued === 0 ? [] : [`${name}: ${notQueued} messages got no id of their own`]),
      ];
    }),
    // Not "below": a speed that is no number is a miss too.
    ...(ratio === undefined || ratio.median >= RATIO_MIN
      ? []
      : [`ours pushes ${ratio.median.toFixed(1)} times as fast as Google's, and must ${RATIO_MIN} times`]),
    ...(perSecond >= PUSHES_PER_SECOND_MIN
      ? []
      : [`ours pushes ${perSecond.toFixed(0)} a second, and must ${PUSHES_PER_SECOND_MIN}`]),
  ];
};
