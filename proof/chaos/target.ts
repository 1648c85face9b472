import type { RunningProcess } from '../../local/startChildProcess.ts';
import type { LocalPart } from '../../local/localPart.ts';
import type { Blow } from './schedule.ts';

export type Mortal = LocalPart & Pick<RunningProcess, 'kill' | 'freeze' | 'thaw'>;

/** A part that is struck, and comes back as it was. */
export interface Target {
  readonly start: () => Promise<void>;
  readonly strike: (blow: Blow) => Promise<void>;
  /** Undoes the blow; resolves when it answers again. */
  readonly mend: (blow: Blow) => Promise<void>;
  /** For good. */
  readonly end: () => Promise<void>;
}

/**
 * @param start brings the part up, each time on the same data and port.
 * @param onDeath called when it dies though nobody struck it.
 */
export const createTarget = (start: () => Promise<Mortal>, onDeath: (error: unknown) => void): Target => {
  let part: Mortal | undefined;
  const begin = async (): Promise<void> => {
    part = await start();
    part.died.catch(onDeath);
  };
  return {
    start: begin,
    strike: async (blow) => {
      if (blow === 'freeze') part?.freeze();
      else await part?.kill();
    },
    mend: async (blow) => {
      if (blow === 'freeze') part?.thaw();
      else await begin();
    },
    end: async () => part?.kill(),
  };
};
