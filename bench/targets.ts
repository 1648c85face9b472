import type { EmulatorName } from './emulators.ts';
import { MESSAGES } from './measureRound.ts';
import type { Summary } from './summary.ts';

/** Our pushes per second must be at least this many times Google's, with a handler of 20 ms. */
export const RATIO_MIN = 15;
/** Ours must push this many messages per second to a handler that answers at once, on two cores. */
export const PUSHES_PER_SECOND_MIN = 2_000;

/** Returns one sentence for each missed target. It compares medians. */
export const missesOf = ({ metrics, counts, queued, rounds, isGoogleMissing }: Summary): string[] => {
  const { ratio } = metrics.slowPushesPerSecond;
  const perSecond = metrics.fastPushesPerSecond.ours.median;
  const names: readonly EmulatorName[] = isGoogleMissing ? ['ours'] : ['ours', 'google'];
  return [
    ...names.flatMap((name) => {
      const notQueued = MESSAGES[name].memory * rounds - queued[name];
      return [
        ...(counts[name].lost === 0 ? [] : [`${name}: ${counts[name].lost} messages were lost`]),
        ...(notQueued === 0 ? [] : [`${name}: ${notQueued} messages got the id of another message, or none`]),
      ];
    }),
    // The condition is not "below the target", because NaN must be a miss too.
    ...(ratio === undefined || ratio.median >= RATIO_MIN
      ? []
      : [
          `ours pushes ${ratio.median.toFixed(1)} times as fast as Google's; expected at least ${RATIO_MIN} times`,
        ]),
    ...(perSecond >= PUSHES_PER_SECOND_MIN
      ? []
      : [
          `ours pushes ${perSecond.toFixed(0)} messages per second; expected at least ${PUSHES_PER_SECOND_MIN}`,
        ]),
  ];
};
