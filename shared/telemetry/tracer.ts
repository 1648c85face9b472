/** What a span says beside its times. Ids are texts, because they have 64 bits. Never a text of a message. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work in a trace, while it runs. */
export interface Span {
  /** The span as a `traceparent`: the parent of what it causes, and what a message of it carries. */
  readonly traceparent: string;
  /** @param error why it failed; its text is masked. */
  readonly end: (attributes?: SpanAttributes, error?: unknown) => void;
}

interface SpanStart {
  /** A `traceparent`. The span begins a trace when left out. */
  readonly parent?: string;
  /** `producer` sends a message, `consumer` handles one, `client` waits for the store. */
  readonly kind: 'producer' | 'consumer' | 'client' | 'internal';
  readonly attributes?: SpanAttributes;
  /** From `performance.now()`; now when left out. */
  readonly startedAt?: number;
}

/** Records spans. Whoever gets none records nothing, and pays nothing for it. */
export interface Tracer {
  readonly begin: (name: string, start: SpanStart) => Span;
  /** Sends what is left, within `TRACES_FLUSH_TIMEOUT_MS`. Never rejects. */
  readonly close: () => Promise<void>;
}
