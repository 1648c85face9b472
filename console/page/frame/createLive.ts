import type { Frame, StreamFilter, StreamRow, Sums } from '../../contract.ts';
import { get, problemOf } from '../api.ts';
import type { Gap, Live } from '../view.ts';
import { createConnection } from './connection.ts';
import { mergeRows } from './mergeRows.ts';

/** Over this time, frames that were drawn are counted. */
const DRAWN_OVER_MS = 2_000;
/** The server has the sums at hand. */
const SUMS_WAIT_MS = 5_000;

export const NOTHING_YET: Live = {
  state: 'connecting',
  lostAtMs: null,
  retryAtMs: null,
  gap: null,
  frame: null,
  drawnPerSecond: 0,
  rows: [],
  heldRows: 0,
  sums: null,
  sumsProblem: null,
  isPaused: false,
};

/**
 * Keeps what the page knows of the server. However fast frames come, they are drawn once in an animation
 * frame: a late one replaces the one that waits, and no row of it is lost.
 * @param startedAtMs of the server that the page came from. Another one on its port is of another place
 * perhaps, and knows no token of this page: then the page is loaded anew.
 */
export const createLive = (startedAtMs: number, onChange: (live: Live) => void) => {
  let live = NOTHING_YET;
  let filter: StreamFilter | undefined;
  let waiting: { frame: Frame; rows: readonly StreamRow[] } | undefined;
  const stream = createRows();
  let lastFrameAtMs: number | null = null;
  const countDrawn = createDrawnCount();
  /** Undefined: not asked for since the connection began. */
  let askedVersion: number | undefined;

  const change = (changes: Partial<Live>): void => {
    live = { ...live, ...changes };
    onChange(live);
  };
  const draw = (): void => {
    if (waiting === undefined) return;
    const { frame, rows } = waiting;
    waiting = undefined;
    change({
      frame,
      state: 'live',
      lostAtMs: null,
      retryAtMs: null,
      gap: live.state === 'lost' ? gapBefore(live, frame) : live.gap,
      drawnPerSecond: countDrawn(),
      ...stream.take(rows.toReversed(), live.isPaused, frame.isCatchingUp),
    });
    if (frame.versions.sums !== askedVersion) {
      askedVersion = frame.versions.sums;
      askSums();
    }
  };

  const askSums = onceAtATime(async () => change(await fetchSums()));

  const connection = createConnection({
    pathOf: () => `/api/frames${filter === undefined ? '' : `?${queryOf(filter)}`}`,
    onFrame: (frame) => {
      if (frame.startedAtMs !== startedAtMs) return location.reload();
      lastFrameAtMs = Date.now();
      if (waiting === undefined) requestAnimationFrame(draw);
      waiting = { frame, rows: mergeRows(waiting?.rows ?? [], frame.rows) };
    },
    onLost: (retryAtMs) => {
      askedVersion = undefined;
      change({ state: 'lost', lostAtMs: lastFrameAtMs ?? live.lostAtMs ?? Date.now(), retryAtMs });
    },
  });

  return {
    togglePause: () => change({ isPaused: !live.isPaused, ...stream.release() }),
    setFilter: (next: StreamFilter | undefined) => {
      filter = next;
      waiting = undefined;
      change(stream.begin());
      connection.reopen();
    },
    tryNow: connection.reopen,
    askSums,
    stop: connection.close,
  };
};

const fetchSums = async (): Promise<Partial<Live>> => {
  try {
    // Nobody asks a second time while the first answer is waited for, so that has an end.
    return { sums: await get<Sums>('/api/sums', AbortSignal.timeout(SUMS_WAIT_MS)), sumsProblem: null };
  } catch (error) {
    return { sumsProblem: problemOf(error) };
  }
};

/** Counts one more frame that is drawn. @returns how many it is a second, over the last two. */
const createDrawnCount = (): (() => number) => {
  let drawnAtMs: readonly number[] = [];
  return () => {
    const now = performance.now();
    drawnAtMs = [...drawnAtMs.filter((atMs) => atMs > now - DRAWN_OVER_MS), now];
    return Math.round((drawnAtMs.length * 1_000) / DRAWN_OVER_MS);
  };
};

const queryOf = ({ text, topic, outcomes }: StreamFilter): string =>
  new URLSearchParams({ text, topic, outcomes: outcomes.join(',') }).toString();

/** The rows that are shown, and those that came while the list was paused. */
const createRows = () => {
  let rows: readonly StreamRow[] = [];
  let held: readonly StreamRow[] = [];
  let isFilling = true;
  const now = (): Pick<Live, 'rows' | 'heldRows'> => {
    const known = new Set(rows.map(({ key }) => key));
    return { rows, heldRows: held.filter(({ key }) => !known.has(key)).length };
  };
  return {
    /** Nothing that came before fits any more. */
    begin: () => {
      [rows, held, isFilling] = [[], [], true];
      return now();
    },
    /** A pause freezes what there is. So the first frames fill the list, and an empty one is filled, too. */
    take: (changed: readonly StreamRow[], isPaused: boolean, isCatchingUp: boolean) => {
      if (isPaused && !isFilling && rows.length > 0) held = mergeRows(held, changed);
      else rows = mergeRows(rows, changed);
      isFilling &&= isCatchingUp;
      return now();
    },
    release: () => {
      [rows, held] = [mergeRows(rows, held.toReversed()), []];
      return now();
    },
  };
};

/** What was published while no frames came. A count that fell is another server's. */
const gapBefore = ({ lostAtMs, frame: before }: Live, { figures }: Frame): Gap => {
  const [was, is] = [before?.figures.published.total ?? null, figures.published.total];
  const published = was === null || is === null || is < was ? null : is - was;
  return { fromMs: lostAtMs ?? Date.now(), toMs: Date.now(), published };
};

/** A call while the work is under way makes it begin once more in the end. */
const onceAtATime = (work: () => Promise<void>): (() => void) => {
  let isBusy = false;
  let isWanted = false;
  const run = async (): Promise<void> => {
    isBusy = true;
    do {
      isWanted = false;
      await work();
    } while (isWanted);
    isBusy = false;
  };
  return () => {
    isWanted = true;
    if (!isBusy) void run();
  };
};
