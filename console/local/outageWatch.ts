import type { FaultsState } from '../contract.ts';
import type { CassandraState } from '../../local/cassandra/startSwitchableCassandra.ts';

/** What the rates and counts say at one moment. Null: nobody knows. */
interface Reading {
  readonly backlog: number | null;
  readonly retries: number | null;
  /** The last count of the tables that ended; `lost` is null when it could not be told. */
  readonly counted: { readonly atMs: number; readonly lost: number | null };
}

interface OutageWatch {
  /** Called every second or two. @returns what happened since the last call, one sentence each. */
  readonly look: (nowMs: number, state: CassandraState | undefined, reading: Reading) => readonly string[];
  /** Everything is settled, and only a count of the tables can say whether anything was lost. */
  readonly awaitsCount: () => boolean;
  readonly outages: () => FaultsState['outages'];
  readonly waiting: () => FaultsState['waiting'];
}

/** So long a recovery waits to be told together with what a later count of the tables found lost. */
const COUNT_WITHIN_MS = 60_000;
/** What the page shows. Older points are forgotten, and outages that ended before the first of them. */
const KEPT_MS = 5 * 60_000;

const WORDS: Partial<Record<CassandraState['name'], string>> = {
  stopped: 'Cassandra stopped',
  died: 'Cassandra ended by itself',
};

/**
 * Follows Cassandra through outages: says when one begins and ends, and when the messages that waited
 * meanwhile are settled.
 */
export const createOutageWatch = (): OutageWatch => {
  let seen: Pick<CassandraState, 'name' | 'sinceMs'> | undefined;
  let outages: { readonly fromMs: number; toMs: number | null; readonly text: string }[] = [];
  let waiting: { readonly atMs: number; readonly count: number | null }[] = [];
  let retriesBefore: number | null = null;
  /** Set from the start of Cassandra until it is told how that went. */
  let recovery:
    { readonly sinceMs: number; settled?: { readonly atMs: number; readonly text: string } } | undefined;

  const begin = (state: CassandraState, { retries }: Reading): readonly string[] => {
    recovery = undefined;
    const [last] = outages.slice(-1);
    if (last === undefined || last.toMs !== null) {
      retriesBefore = retries;
      outages.push({
        fromMs: state.sinceMs,
        toMs: null,
        text: state.name === 'died' ? 'Cassandra ended by itself' : 'Cassandra stopped',
      });
    }
    const text = WORDS[state.name];
    if (text === undefined) return [];
    return [state.problem === undefined ? text : `${text}: ${state.problem}`];
  };

  const end = (state: CassandraState, { backlog }: Reading): readonly string[] => {
    const [open] = outages.slice(-1);
    if (open === undefined || open.toMs !== null) return [];
    open.toMs = state.sinceMs;
    recovery = { sinceMs: state.sinceMs };
    const away = `Cassandra started; it was away for ${seconds(state.sinceMs - open.fromMs)}`;
    return [backlog === null ? away : `${away}; backlog ${backlog.toLocaleString('en')}`];
  };

  const recover = (nowMs: number, { backlog, retries, counted }: Reading): readonly string[] => {
    if (recovery === undefined) return [];
    if (recovery.settled === undefined && backlog === 0) {
      const count = retries === null || retriesBefore === null ? null : retries - retriesBefore;
      const retried = count === null ? '' : `, ${count.toLocaleString('en')} retries`;
      recovery.settled = {
        atMs: nowMs,
        text: `backlog 0 after ${seconds(nowMs - recovery.sinceMs)}${retried}`,
      };
    }
    const { settled } = recovery;
    if (settled === undefined) return [];
    const isCounted = counted.atMs > settled.atMs && counted.lost !== null;
    if (!isCounted && nowMs - settled.atMs < COUNT_WITHIN_MS) return [];
    recovery = undefined;
    return [isCounted ? `${settled.text}, ${counted.lost?.toLocaleString('en')} lost` : settled.text];
  };

  return {
    look: (nowMs, state, reading) => {
      waiting = [
        ...waiting.filter(({ atMs }) => atMs > nowMs - KEPT_MS),
        { atMs: nowMs, count: reading.backlog },
      ];
      outages = outages.filter(({ toMs }) => toMs === null || toMs > nowMs - KEPT_MS);
      if (state === undefined) return [];
      const isSame = seen?.name === state.name && seen.sinceMs === state.sinceMs;
      seen = state;
      if (isSame) return recover(nowMs, reading);
      return state.name === 'running' ? end(state, reading) : begin(state, reading);
    },
    awaitsCount: () => recovery?.settled !== undefined,
    outages: () => outages.map((outage) => ({ ...outage })),
    waiting: () => waiting,
  };
};

const seconds = (ms: number): string => `${Math.max(1, Math.round(ms / 1_000))} s`;
