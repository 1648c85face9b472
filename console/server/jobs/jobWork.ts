import type { Job, LetterSelection } from '../../deadLetterContract.ts';
import type { DeadLetterPlace } from '../../../shared/domain/deadLetterPlace.ts';
import type { SelectedLetters } from '../deadLetters/selectLetters.ts';

/** What a person asked for. */
export interface JobRequest {
  readonly action: Job['action'];
  readonly selection: LetterSelection;
  readonly selected: SelectedLetters;
  /** The most that are sent or discarded: the number that the button said. */
  readonly limit: number;
  readonly ratePerSecond: number;
  readonly because: string;
  /** Goes on behind this dead letter. */
  readonly after: DeadLetterPlace | undefined;
}

/** What came of the work of a job. */
export interface JobResult {
  readonly done: number;
  readonly refused: ReadonlyMap<string, number>;
  readonly after: DeadLetterPlace | undefined;
  /** At most so many are left, because it was stopped or failed. */
  readonly left: number;
  /** Why it failed; undefined when it did not. */
  readonly problem: unknown;
}

export interface JobWork {
  readonly request: JobRequest;
  readonly signal: AbortSignal;
  /** How many have been sent or discarded, and how many are to be, once it turns out. */
  readonly onProgress: (some: Partial<Pick<Job, 'done' | 'total'>>) => void;
}
