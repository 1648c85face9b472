import { onTestFinished, vi } from 'vitest';

/** What the server answers to a path. A promise that stays open: it does not answer. */
type AnswerTo = (path: string, body: unknown) => unknown;

/** A test puts its own in their place. */
const NO_ELEMENT: (selector: string) => unknown = () => null;
const NO_ELEMENTS: (selector: string) => readonly unknown[] = () => [];

/**
 * Stands in for the browser during the rest of a test. It has what the code of the page asks of one: a
 * server, a document without elements, and an address.
 */
export const fakeBrowser = (answerTo: AnswerTo) => {
  const asked: string[] = [];
  const listeners = new Map<string, Set<() => void>>();
  const document = {
    hidden: false,
    activeElement: null as unknown,
    querySelector: NO_ELEMENT,
    querySelectorAll: NO_ELEMENTS,
    addEventListener: (name: string, listen: () => void) =>
      void listeners.set(name, (listeners.get(name) ?? new Set()).add(listen)),
    removeEventListener: (name: string, listen: () => void) => void listeners.get(name)?.delete(listen),
  };
  const location = { hash: '', reload: vi.fn<() => void>() };
  vi.stubGlobal('document', document);
  vi.stubGlobal('CSS', { escape: (text: string) => text });
  vi.stubGlobal('location', location);
  vi.stubGlobal('history', {
    replaceState: (_: unknown, __: string, href: string) => void (location.hash = href),
  });
  vi.stubGlobal('dispatchEvent', () => true);
  vi.stubGlobal('HashChangeEvent', Event);
  vi.stubGlobal('fetch', async (path: string, { body }: { body?: string } = {}) => {
    asked.push(path);
    return Response.json(await answerTo(path, body === undefined ? undefined : JSON.parse(body)));
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  return {
    document,
    location,
    /** The paths that were asked for, in their order. */
    asked,
    /** The tab is hidden, or shown again. */
    hide: (isHidden: boolean): void => {
      document.hidden = isHidden;
      for (const listen of listeners.get('visibilitychange') ?? []) listen();
    },
  };
};
