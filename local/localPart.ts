/** One running part of the local system: Cassandra, Pub/Sub or a function. */
export interface LocalPart {
  readonly name: string;
  /** What it is: `external`, `docker`, `maven`, `memory`, `local`, `google` or `functions-framework`. */
  readonly kind: string;
  /** `host:port`. */
  readonly address: string;
  /** Why this kind was chosen, in a few words. */
  readonly why: string;
  /** Whether the next run finds its data again. */
  readonly keepsState: boolean;
  /** What a reader of results must know about this part. Every result shows it. */
  readonly notice?: string;
  /** The variables with which the functions reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** Rejects when a process that we have started ends by itself; never for one in Docker. Never resolves. */
  readonly died: Promise<never>;
  /** Stops it: by force, when it does not stop in time. May be called twice. */
  readonly stop: () => Promise<void>;
}
