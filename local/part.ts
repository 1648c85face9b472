/** One running piece of the local system. */
export interface LocalPart {
  readonly name: string;
  /** Which of the possible ones it is: `external`, `docker`, `maven`, `memory`, … */
  readonly kind: string;
  /** `host:port`. */
  readonly address: string;
  /** Why this kind was chosen, in a few words. */
  readonly why: string;
  readonly keepsState: boolean;
  /** What everybody who looks at a result must know about this part; shown with it. */
  readonly notice?: string;
  /** Variables with which the functions reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** Rejects when the part dies by itself, with an error that says what to do; never resolves. */
  readonly died: Promise<never>;
  /** Stops it, by force if it does not go in time; may be called twice. */
  readonly stop: () => Promise<void>;
}

export interface ProgressUpdate {
  readonly step: string;
  readonly detail?: string;
  readonly done?: number;
  readonly total?: number;
}

/** Where long work says how far it is. */
export type Progress = (update: ProgressUpdate) => void;
