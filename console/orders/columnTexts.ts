import { type FactColumn, factColumns } from '../../shared/store/rows.ts';
import type { FactRow } from '../../shared/store/auditSource.ts';

/** The columns of a row as the browser gets them: ids are texts, and an unset column is null. */
export type ColumnTexts = Readonly<Record<FactColumn, string | null>>;

/** Null when there is no row at all. */
export const columnTexts = (fact: FactRow | undefined): ColumnTexts | null =>
  fact === undefined
    ? null
    : (Object.fromEntries(
        Object.entries(factColumns(fact)).map(([name, value]) => [name, value?.toString() ?? null]),
      ) as ColumnTexts);
