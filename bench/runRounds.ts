import type { Progress } from '../local/progress.ts';
import type { EmulatorKind, EmulatorName } from './emulators.ts';
import { startPushHandler } from './handler.ts';
import { type Contestant, measureRound, type Round } from './measureRound.ts';

export interface RunOptions {
  /** In the order of their turns. */
  readonly kinds: readonly EmulatorKind[];
  readonly rounds: number;
  readonly progress: Progress;
}

/** Of each emulator its rounds; none for one that is not there. */
export type Rounds = Readonly<Record<EmulatorName, readonly Round[]>>;

/** Measures the emulators by turns, so that what else the machine does meets all of them. */
export const runRounds = async ({ kinds, rounds, progress }: RunOptions): Promise<Rounds> => {
  const results: Record<EmulatorName, Round[]> = { ours: [], google: [] };
  const stops: (() => Promise<void>)[] = [];
  try {
    const handler = await startPushHandler();
    stops.push(handler.stop);
    const contestants: Contestant[] = [];
    for (const kind of kinds) {
      progress({ step: 'Starting', detail: kind.label });
      const emulator = await kind.start();
      stops.push(emulator.stop);
      contestants.push({ kind, emulator });
    }
    for (let round = 1; round <= rounds; round += 1) {
      for (const contestant of contestants) {
        const inRound: Progress = ({ step, ...rest }) =>
          progress({ step: `Round ${round} of ${rounds}, ${step}`, ...rest });
        results[contestant.kind.name].push(await measureRound(contestant, handler, inRound));
      }
    }
    return results;
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
};
