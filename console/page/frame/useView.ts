import { useEffect, useState } from 'preact/hooks';
import { problemOf } from '../api.ts';
import type { View, ViewComponent } from '../view.ts';

/** The view that is asked for is drawn first; then the others are fetched, so that each is there at once. */
const OTHERS_AFTER_MS = 1_000;

interface ShownView {
  /** Undefined until it is fetched. */
  readonly Component: ViewComponent | undefined;
  /** Why it could not be fetched. */
  readonly problem: string | null;
  readonly again: () => void;
}

/** What draws a view. @param views all that may be shown; the same at every render. */
export const useView = (view: View, views: readonly View[]): ShownView => {
  const [loaded, setLoaded] = useState<ReadonlyMap<string, ViewComponent>>(new Map());
  const [failed, setFailed] = useState<{ readonly view: View; readonly problem: string } | null>(null);
  const load = async ({ name, load: fetchView }: View): Promise<void> => {
    const Component = await fetchView();
    setLoaded((old) => (old.has(name) ? old : new Map(old).set(name, Component)));
  };
  const loadShown = (): void => {
    setFailed(null);
    load(view).catch((error: unknown) => setFailed({ view, problem: problemOf(error) }));
  };
  const loadOthers = async (): Promise<void> => {
    for (const other of views) await load(other);
  };
  useEffect(loadShown, [view]);
  useEffect(() => {
    // One that cannot be fetched now is fetched when it is shown, and its problem is said then.
    const timer = setTimeout(() => void loadOthers().catch(() => {}), OTHERS_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  const problem = failed?.view === view ? failed.problem : null;
  return { Component: loaded.get(view.name), problem, again: loadShown };
};
