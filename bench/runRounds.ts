import type { Progress } from '../local/progress.ts';
import type { EmulatorKind, EmulatorName } from './emulators.ts';
import { startPushHandler } from './startPushHandler.ts';
import { type Contestant, measureRound, type Round } from './measureRound.ts';

interface RunOptions {
  /** They take turns in this order. */
  readonly kinds: readonly EmulatorKind[];
  readonly rounds: number;
  readonly progress: Progress;
}

/** The rounds of each emulator. An emulator that is missing has none. */
export type Rounds = Readonly<Record<EmulatorName, readonly Round[]>>;

/** Measures the emulators in turns, so that other load on the machine affects all of them. */
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
