import type { ModelRow } from './statements.ts';

// The part of the driver's interface that the store and the audit use.

export interface QueryAndParams {
  readonly query: string;
  readonly params: readonly unknown[];
}

/** The options of a statement that the model knows. */
export interface StatementOptions {
  readonly consistency?: number;
  readonly logged?: boolean;
  /** With a fetch size, the answer comes in pages. */
  readonly fetchSize?: number;
  readonly pageState?: string;
}

/** A write's result has no rows. */
export interface ModelResult {
  readonly rows: readonly ModelRow[] | undefined;
  readonly pageState: string | null;
}
