import { type EdgeFigures, type Figures, OUTCOMES } from '../contract.ts';
import { FUNCTIONS, SUBSCRIPTIONS, TOPICS } from '../../shared/topology.ts';
import type { FeedState } from './feedState.ts';
import { RATE_WINDOW_MS, type Rate } from './rate.ts';

const TABLES = ['ledger_by_order', 'orders_payments_facts', 'dead_letters'];

/** The numbers of the tiles. What only Pub/Sub knows is null without a witness. */
export const figuresOf = (state: FeedState, nowMs: number): Figures => {
  const { isWitnessed, published, acked, retries, outcomes, endToEnd } = state;
  const countOf = (rate: Rate) => ({ perSecond: rate.perSecond(nowMs), total: rate.total() });
  return {
    published: isWitnessed ? countOf(published) : { perSecond: null, total: null },
    acked: countOf(acked),
    matched: { perSecond: outcomes.perSecond('matched', nowMs), total: outcomes.total('matched') },
    retries: countOf(retries),
    outcomes: byName(
      // Only a witness sees what was dropped.
      [...OUTCOMES.filter((name) => isWitnessed || name !== 'dropped'), 'findings'],
      (name) => outcomes.perSecond(name, nowMs),
    ),
    endToEnd: endToEnd.percentiles(nowMs, RATE_WINDOW_MS) ?? null,
  };
};

/** The numbers of the flow map, by the names of the topology. */
export const edgesOf = (state: FeedState, nowMs: number): EdgeFigures => {
  const { isWitnessed, flow, owed, forwarded, copies } = state;
  const known = <T>(value: T): T | null => (isWitnessed ? value : null);
  return {
    topics: byName(TOPICS, (name) => ({ perSecond: known(flow.perSecond(name, nowMs)) })),
    subscriptions: byName(
      SUBSCRIPTIONS.map(({ name }) => name),
      (name) => ({
        perSecond: known(flow.perSecond(name, nowMs)),
        backlog: known(owed.get(name)?.backlog() ?? 0),
        oldestMs: known(owed.get(name)?.oldestMs() ?? null),
        forwarded: known(forwarded.get(name) ?? 0),
      }),
    ),
    functions: byName(FUNCTIONS, (name) => functionFigures(state, name, nowMs)),
    tables: byName(TABLES, (name) => ({ writesPerSecond: flow.perSecond(name, nowMs) })),
    redrivesPerSecond: known(copies.perSecond(nowMs)),
  };
};

const functionFigures = (state: FeedState, name: string, nowMs: number) => {
  const { flow, handling, refused, tells } = state;
  const errors = refused.perSecond(name, nowMs);
  const told = ['invalid', 'unmatched', 'findings'].map(
    (what) => [what, tells.perSecond(`${name}/${what}`, nowMs)] as const,
  );
  return {
    perSecond: flow.perSecond(name, nowMs) - errors,
    p95Ms: handling.get(name)?.percentiles(nowMs, RATE_WINDOW_MS)?.p95 ?? null,
    errorsPerSecond: errors,
    fails: errors > 0 ? '503' : null,
    tells: Object.fromEntries(told.filter(([, perSecond]) => perSecond > 0)),
  };
};

const byName = <T>(names: readonly string[], figure: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, figure(name)]));
