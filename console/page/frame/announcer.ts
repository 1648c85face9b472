/** A screen reader is told at most one sentence in this time. */
const PAUSE_MS = 5_000;

interface Announcer {
  /** A later sentence takes the place of one that waits, so nothing piles up. */
  readonly announce: (sentence: string) => void;
}

/** @param show puts the sentence into the polite live region. */
export const createAnnouncer = (show: (sentence: string) => void): Announcer => {
  let waiting: string | undefined;
  let isResting = false;
  const next = (): void => {
    if (waiting === undefined) {
      isResting = false;
      return;
    }
    isResting = true;
    show(waiting);
    waiting = undefined;
    setTimeout(next, PAUSE_MS);
  };
  return {
    announce: (sentence) => {
      waiting = sentence;
      if (!isResting) next();
    },
  };
};
