import { setTimeout as delay } from 'node:timers/promises';
import { FINDING_REASONS } from '../../shared/domain/finding.ts';
import { TransientError } from '../../shared/errors.ts';
import { errorFields } from '../../shared/telemetry/errorFields.ts';
import type { AuditSource } from '../../shared/store/auditSource.ts';
import type { Sum, SumIds, Sums } from '../contract.ts';
import type { Books } from '../feed/books.ts';
import { addUp, termKey } from './addUp.ts';
import { countPass } from './countPass.ts';
import { needsPerson } from './needsPerson.ts';
import { createSuspicions } from './suspicions.ts';
import type { PassTotals } from './passTotals.ts';
import { violationsOf } from './violationsOf.ts';
import { sayError } from '../sayError.ts';

/** The pause between two passes, and how often it is asked whether anything has changed. */
const REST_MS = 2_000;
/** Only a pass over large tables is followed by a pause of its length, up to this. */
const REST_MAX_MS = 60_000;
/** Operators change the tables too, and no message tells that. So everything is counted again after this. */
const AGAIN_AFTER_MS = 30_000;
/** With traffic the pass works half of the time, without it nearly all. */
const PAUSE_PER_WORK = { busy: 1, idle: 0.25 };
const BUSY_PER_SECOND = 5;

/** Where sums come from. */
export interface SumsSource {
  readonly sums: () => Sums;
  /** Undefined: there is no such term, or it has no ids. */
  readonly ids: (sum: string, term: string, max: number) => SumIds | undefined;
  /** Counts soon, also when no message has changed anything: an operator has, or wants to know. */
  readonly again: () => void;
}

interface LiveSums extends SumsSource {
  /** Resolves when the pass that runs has ended. */
  readonly stop: () => Promise<void>;
}

interface LiveSumsOptions {
  readonly source: AuditSource;
  readonly books: Books;
  readonly clock: () => number;
  /** The sums have changed, or how far the first pass is. */
  readonly onChanged: () => void;
  /** Whether the store answered. */
  readonly onAnswer: (isAnswer: boolean) => void;
  /** Gets the fields of an error that no store away explains. */
  readonly onBug: (fields: Record<string, unknown>) => void;
}

/**
 * Counts the tables again and again, as long as something changes, and keeps the sums of the last pass.
 * `createPassTotals` says why they add up.
 */
export const createLiveSums = (options: LiveSumsOptions): LiveSums => {
  const { books, clock, onChanged, onAnswer, onBug } = options;
  const stopping = new AbortController();
  const count = createCounting(options, stopping.signal);
  let latest = NOTHING_YET;
  let ids: ReadonlyMap<string, SumIds> = new Map();
  let isDue = true;
  let wake = new AbortController();
  const show = (sums: Sums): void => {
    latest = sums;
    onChanged();
  };

  /** @returns whether the tables were large. */
  const passOnce = async (): Promise<boolean> => {
    const isFirst = latest.passAtMs === null;
    try {
      const counted = await count((done, of) => {
        if (isFirst) show({ ...latest, progress: { done, of }, problem: null });
      });
      ids = counted.ids;
      isDue ||= counted.isUnsure;
      onAnswer(true);
      show(counted.sums);
      return counted.isLarge;
    } catch (error) {
      if (stopping.signal.aborted) return false;
      isDue = true;
      if (error instanceof TransientError) onAnswer(false);
      else onBug(errorFields(error));
      show({ ...latest, problem: sayError(error) });
      return false;
    }
  };
  const run = async (): Promise<void> => {
    let version = -1;
    while (!stopping.signal.aborted) {
      const startedAtMs = clock();
      const isOld = startedAtMs - (latest.passAtMs ?? 0) >= AGAIN_AFTER_MS;
      const isChanged = version !== books.version();
      version = books.version();
      const isNow = isDue || isChanged || isOld;
      isDue = false;
      wake = new AbortController();
      const isLarge = isNow && (await passOnce());
      const tookMs = isLarge ? clock() - startedAtMs : 0;
      const restMs = Math.min(Math.max(REST_MS, tookMs), REST_MAX_MS);
      const signal = AbortSignal.any([stopping.signal, wake.signal]);
      // An abort ends the rest at once.
      await delay(restMs, undefined, { signal }).catch(() => {});
    }
  };
  const running = run();

  return {
    sums: () => latest,
    ids: (sum, term, max) => {
      const list = ids.get(termKey(sum, term));
      return list && { ...list, ids: list.ids.slice(0, max) };
    },
    again: () => {
      isDue = true;
      wake.abort();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
};

type Progress = (done: number, of: number) => void;

const createCounting = ({ source, books, clock }: LiveSumsOptions, signal: AbortSignal) => {
  const suspicions = createSuspicions();
  let wasOff = false;
  const pausePerWork = () =>
    books.perSecond() > BUSY_PER_SECOND ? PAUSE_PER_WORK.busy : PAUSE_PER_WORK.idle;

  return async (onProgress: Progress) => {
    const version = books.version();
    const suspicious = suspicions.beginPass(books.settledUpToMs());
    const copiesBefore = books.copies();
    const snapshot = await books.snapshot();
    const { startedAtMs } = books;
    const known = typeof snapshot === 'object' ? snapshot : undefined;
    const pass = await countPass({
      source,
      snapshot: known,
      startedAtMs,
      clock,
      pausePerWork,
      onProgress,
      onSuspicion: (suspicion) => suspicious.add(suspicion, clock()),
      signal,
    });
    const { totals } = pass;
    const { violations, suspected, isCut } = suspicious.end();
    const copies = books.copies() - copiesBefore;
    const { sums, ids } = addUp({ totals, snapshot, startedAtMs, copies });
    const isOff = sums.some(({ offBy }) => offBy !== null && offBy !== 0);
    const said = isOff && !wasOff ? sums.map(unconfirmed) : sums;
    wasOff = isOff;
    const [messages] = said;
    const nowMs = clock();
    return {
      ids,
      isLarge: pass.isLarge,
      isUnsure:
        said !== sums ||
        typeof snapshot === 'string' ||
        (known?.leftOut ?? 0) > 0 ||
        copies > 0 ||
        violations + suspected > 0 ||
        pass.isCut,
      sums: {
        ...figuresOf(totals),
        countedAtMs: known?.beforeMs ?? nowMs,
        version,
        progress: null,
        sums: said,
        lost: messages === undefined || messages.offBy === null ? null : Math.max(0, messages.offBy),
        ...violationsOf(violations, isCut || pass.isCut),
        passAtMs: nowMs,
        problem: null,
      },
    };
  };
};

/** What is off is said when two passes have seen it, as the audit says a violation. */
const unconfirmed = (sum: Sum): Sum =>
  sum.offBy === null || sum.offBy === 0
    ? sum
    : { ...sum, offBy: null, why: `${sum.why}: it is counted again` };

const figuresOf = (totals: PassTotals) => {
  const { counts, waitingSinceMs, resolved } = totals;
  const deadLetters = Object.values(counts.deadLetters).reduce((sum, count) => sum + count, 0);
  const open = FINDING_REASONS.reduce((sum, reason) => sum + counts.findings[reason], 0);
  return {
    needsPerson: needsPerson(totals),
    waiting: { count: counts.parked, oldestMs: waitingSinceMs },
    findings: { open, resolved },
    deadLetters: { total: deadLetters, open: counts.openDeadLetters },
    rows: {
      ledger_by_order: totals.ledgerRows,
      orders_payments_facts: counts.orders,
      dead_letters: deadLetters,
    },
  };
};

/** Before the first pass. */
export const NOTHING_YET: Sums = {
  countedAtMs: 0,
  version: 0,
  progress: { done: 0, of: 1 },
  sums: [],
  lost: null,
  ...violationsOf(null),
  needsPerson: [],
  waiting: { count: 0, oldestMs: null },
  findings: { open: 0, resolved: 0 },
  deadLetters: { total: 0, open: 0 },
  rows: {},
  passAtMs: null,
  problem: null,
};
