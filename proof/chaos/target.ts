import type { RunningProcess } from '../../local/startChildProcess.ts';
import type { LocalPart } from '../../local/localPart.ts';
import type { Blow } from './schedule.ts';

type Mortal = LocalPart & Pick<RunningProcess, 'kill' | 'freeze' | 'thaw'>;

/** A part that can be struck and mended. */
export interface Target {
  readonly start: () => Promise<void>;
  readonly strike: (blow: Blow) => Promise<void>;
  /** Undoes the blow. It resolves when the part answers again. */
  readonly mend: (blow: Blow) => Promise<void>;
  /** Ends the part for good. */
  readonly end: () => Promise<void>;
}

/**
 * @param start starts the part, each time on the same data and port.
 * @param onDeath called when the part dies without a blow.
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
