import { nextPushBackoffMs, type PushBackoff } from './backoff.ts';

/**
 * How many pushes may be in flight. Slow start: the window begins at 8. Each ack adds one, so that a round of
 * acks doubles the window. A nack halves it.
 */
const WINDOW = { first: 8, min: 1, max: 512 };

/** One push, and the pace that was in force when it began. */
interface PacedPush {
  /** The request is over. */
  readonly end: () => void;
  /** Adapts the pace to an answer. An answer of an endpoint from before the last `reset` changes nothing. */
  readonly learn: (isAck: boolean) => void;
}

/** How fast a subscription pushes, as its endpoint's answers allow. */
interface PushPace {
  /** Whether a push may begin now. */
  readonly isOpen: () => boolean;
  readonly begin: () => PacedPush;
  /** No push begins for so long. A pause that is already under way is not changed. */
  readonly pauseFor: (ms: number) => void;
  /** Forgets the endpoint's answers, and ends a pause. */
  readonly reset: () => void;
}

/** @param onResumed called when a pause is over. */
export const createPushPace = (pushBackoff: PushBackoff, onResumed: () => void): PushPace => {
  let pace = firstPace();
  let pause: NodeJS.Timeout | undefined;

  const pauseFor = (ms: number): void => {
    pause ??= setTimeout(() => {
      pause = undefined;
      onResumed();
    }, ms);
  };

  const learn = (isAck: boolean): void => {
    const { window } = pace;
    pace.window = isAck ? Math.min(window + 1, WINDOW.max) : Math.max(Math.floor(window / 2), WINDOW.min);
    // The pushes whose nacks come during a pause were sent before it. Together they cause one pause.
    if (!isAck && pause !== undefined) return;
    pace.backoffMs = nextPushBackoffMs(pushBackoff, pace.backoffMs, isAck);
    if (!isAck) pauseFor(pace.backoffMs);
  };

  return {
    isOpen: () => pause === undefined && pace.inFlight < pace.window,
    begin: () => {
      const paceThen = pace;
      paceThen.inFlight += 1;
      return {
        end: () => {
          paceThen.inFlight -= 1;
        },
        learn: (isAck) => {
          if (paceThen === pace) learn(isAck);
        },
      };
    },
    pauseFor,
    reset: () => {
      clearTimeout(pause);
      pause = undefined;
      pace = firstPace();
    },
  };
};

const firstPace = () => ({ window: WINDOW.first, backoffMs: 0, inFlight: 0 });
