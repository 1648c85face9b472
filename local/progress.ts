export interface ProgressUpdate {
  readonly step: string;
  readonly detail?: string;
  readonly done?: number;
  readonly total?: number;
}

/** Long work calls it to say how far it is. */
export type Progress = (update: ProgressUpdate) => void;
