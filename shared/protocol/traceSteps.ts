import type { IncomingEvent } from '../domain/event.ts';
import type { LedgerEntry } from '../domain/ledgerEntry.ts';
import type { Tell } from '../messaging/settleMessage.ts';
import type { Ack } from '../messaging/settlement.ts';
import type { OrderShow } from '../store/store.ts';
import type { Span, SpanAttributes, Tracer } from '../telemetry/tracer.ts';
import type { AcceptDeps } from './accept.ts';

const LEDGER = 'ledger_by_order';
const FACTS = 'orders_payments_facts';

/**
 * What a step of the store sends, with OpenTelemetry's names for a database.
 * @param tables that of each statement. Several statements go in one batch.
 */
const sent = (operation: 'INSERT' | 'SELECT' | 'UPDATE', tables: readonly string[]): SpanAttributes => ({
  'db.system.name': 'cassandra',
  'db.operation.name': tables.length === 1 ? operation : 'BATCH',
  'db.collection.name': [...new Set(tables)].join(','),
});

/** An order writes its own columns of its row with its entry. */
const sentToRecord = ({ kind }: LedgerEntry): SpanAttributes =>
  sent('INSERT', kind === 'order' ? [LEDGER, FACTS] : [LEDGER]);

const sentToShow = ({ order, payment, blanks }: OrderShow): SpanAttributes =>
  sent('UPDATE', [
    ...[order, payment].filter((columns) => columns !== undefined).map(() => FACTS),
    ...(blanks?.entries ?? []).map(() => LEDGER),
  ]);

/**
 * Runs the six steps with a span for each one of the store, and one for the fold: what happens between the
 * read and the next step. `traceTell` and the settlement of the message add the other two.
 */
export const traceSteps = async (
  tracer: Tracer,
  event: IncomingEvent,
  { store, tell }: AcceptDeps,
  accept: (traced: AcceptDeps) => Promise<Ack>,
): Promise<Ack> => {
  const parent = event.traceparent;
  let folding: Span | undefined;
  const endFold = (): void => {
    folding?.end();
    folding = undefined;
  };
  const statementSpan = async <T>(name: string, attributes: SpanAttributes, work: () => Promise<T>) => {
    endFold();
    const span = tracer.begin(name, { parent, kind: 'client', attributes });
    return ending(span, work);
  };
  try {
    return await accept({
      store: {
        recordEntry: (entry) => statementSpan('record', sentToRecord(entry), () => store.recordEntry(entry)),
        findEntries: async (...which) => {
          const found = await statementSpan('read', sent('SELECT', [LEDGER]), () =>
            store.findEntries(...which),
          );
          folding = tracer.begin('fold', {
            parent,
            kind: 'internal',
            attributes: { 'tally.entries': found.entries.length },
          });
          return found;
        },
        showOrder: (show) => statementSpan('show', sentToShow(show), () => store.showOrder(show)),
      },
      tell: (reports) => {
        endFold();
        return tell(reports);
      },
    });
  } finally {
    endFold();
  }
};

/** Makes each tell a span, and what it publishes the span's child. */
export const traceTell =
  (tracer: Tracer, tell: Tell): Tell =>
  (event, reports) => {
    const span = tracer.begin('tell', {
      parent: event.traceparent,
      kind: 'producer',
      attributes: { 'tally.reason': reports.map(({ reason }) => reason).join(',') },
    });
    return ending(span, () => tell({ ...event, traceparent: span.traceparent }, reports));
  };

const ending = async <T>(span: Span, work: () => Promise<T>): Promise<T> => {
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end({}, error);
    throw error;
  }
};
