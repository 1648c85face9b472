import type { Frame } from '../../contract.ts';

/** A frame comes every 250 ms. A connection that is silent for so long is dead. */
const SILENCE_MS = 3_000;
/** The pauses before the page asks again. The last one is used from then on. */
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000] as const;
/**
 * A hidden tab takes one frame in this time, and no connection in between: a browser has six for each server,
 * and six forgotten tabs would take them all.
 */
const HIDDEN_MS = 10_000;

interface ConnectionOptions {
  /** Where frames come from, asked at each try. */
  readonly pathOf: () => string;
  readonly onFrame: (frame: Frame) => void;
  /** @param retryAtMs when the page asks again, by the browser's clock. */
  readonly onLost: (retryAtMs: number) => void;
}

interface Connection {
  /** Asks anew now: another filter, or a person who does not want to wait. */
  readonly reopen: () => void;
  readonly close: () => void;
}

/** Frames from the server, for as long as the page lives: it asks again after every failure. */
export const createConnection = ({ pathOf, onFrame, onLost }: ConnectionOptions): Connection => {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const shut = (): void => {
    source?.close();
    source = undefined;
    clearTimeout(timer);
  };
  const openIn = (ms: number): void => {
    shut();
    timer = setTimeout(open, ms);
  };
  const fail = (): void => {
    const pauseMs = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0;
    failures += 1;
    openIn(pauseMs);
    onLost(Date.now() + pauseMs);
  };
  const listenForSilence = (): void => {
    clearTimeout(timer);
    timer = setTimeout(fail, SILENCE_MS);
  };
  const open = (): void => {
    shut();
    source = new EventSource(pathOf());
    source.addEventListener('frame', ({ data }: MessageEvent<string>) => {
      failures = 0;
      listenForSilence();
      onFrame(JSON.parse(data) as Frame);
      if (document.hidden) openIn(HIDDEN_MS);
    });
    // The browser would ask again by itself, at times of its own.
    source.addEventListener('error', fail);
    listenForSilence();
  };
  const onVisibility = (): void => (document.hidden ? openIn(HIDDEN_MS) : open());

  document.addEventListener('visibilitychange', onVisibility);
  open();
  return {
    reopen: open,
    close: () => {
      document.removeEventListener('visibilitychange', onVisibility);
      shut();
    },
  };
};
