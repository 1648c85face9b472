import { useEffect, useRef, useState } from 'preact/hooks';
import { get, problemOf } from '../api.ts';

/** Before this, a page that says "…" would only flicker. */
const SLOW_AFTER_MS = 300;

interface Answer<Value> {
  readonly path: string | null;
  readonly value: Value | null;
  readonly problem: string | null;
  readonly failures: number;
}

export interface Fetched<Value> {
  /** The last answer; it stays while a newer one is asked for, and when that fails. */
  readonly value: Value | null;
  /** Why the last request failed; null when it did not. */
  readonly problem: string | null;
  /** How often in a row it failed. */
  readonly failures: number;
  /** It takes long enough to say so. */
  readonly isSlow: boolean;
  readonly again: () => void;
}

/**
 * Asks the server for a value, and again whenever the path or the version changes. An answer that comes after
 * the path has changed is thrown away. A version that changes faster than the server answers is asked for
 * once more in the end, so that an answer is always seen. A tab that is hidden asks when it is shown again:
 * the server need not read what nobody sees.
 * @param path null: nothing is asked for.
 * @param version such as `live.frame?.versions.deadLetters`.
 */
export const useFetched = <Value>(path: string | null, version: unknown = null): Fetched<Value> => {
  const [answer, setAnswer] = useState<Answer<Value>>({
    path: null,
    value: null,
    problem: null,
    failures: 0,
  });
  const [isSlow, setSlow] = useState(false);
  const ask = useRef<() => void>(() => {});

  useEffect(() => {
    if (path === null) return undefined;
    const aborter = new AbortController();
    let isBusy = false;
    let isWanted = false;
    const isOver = (): boolean => aborter.signal.aborted;
    const run = async (): Promise<void> => {
      isBusy = true;
      const timer = setTimeout(() => setSlow(true), SLOW_AFTER_MS);
      do {
        isWanted = false;
        // A call while this one waits sets it again.
        const next = await fetchOnce<Value>(path, aborter.signal);
        if (!isOver()) setAnswer((old) => merge(old, next));
      } while (isWanted && !isOver() && !document.hidden);
      clearTimeout(timer);
      isBusy = false;
      if (!isOver()) setSlow(false);
    };
    ask.current = () => {
      isWanted = true;
      if (!isBusy && !document.hidden) void run();
    };
    const onVisibility = (): void => {
      if (isWanted) ask.current();
    };
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      aborter.abort();
      ask.current = () => {};
      setSlow(false);
    };
  }, [path]);
  useEffect(() => ask.current(), [path, version]);

  // The value of another path is not this one's.
  const isOfPath = answer.path === path;
  return {
    value: isOfPath ? answer.value : null,
    problem: isOfPath ? answer.problem : null,
    failures: isOfPath ? answer.failures : 0,
    isSlow,
    again: () => ask.current(),
  };
};

const fetchOnce = async <Value>(path: string, signal: AbortSignal): Promise<Answer<Value>> => {
  try {
    return { path, value: await get<Value>(path, signal), problem: null, failures: 0 };
  } catch (error) {
    return { path, value: null, problem: problemOf(error), failures: 1 };
  }
};

/** A failure keeps the value that is already there. */
const merge = <Value>(old: Answer<Value>, next: Answer<Value>): Answer<Value> =>
  next.problem === null || old.path !== next.path
    ? next
    : { ...next, value: old.value, failures: old.failures + 1 };
