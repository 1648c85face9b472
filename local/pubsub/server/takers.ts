/** Takes what it can of the ready messages, one batch at most. False: it took none. */
export type Taker = () => boolean;

/** Those who take messages: pulls, streams and the pusher. They are asked in turn. */
export interface Takers {
  /** @returns a function that removes the taker again. */
  readonly add: (taker: Taker) => () => void;
  /** Asks the takers, because there are new messages or because one of them can take more than before. */
  readonly wake: () => void;
  readonly clear: () => void;
}

/** @param hasMessages whether a taker could take something now. */
export const createTakers = (hasMessages: () => boolean): Takers => {
  const takers: Taker[] = [];
  let isWaking = false;

  /** Asks each in turn until all of them, one after the other, took nothing. */
  const askAll = (): void => {
    for (let idle = 0; hasMessages() && idle < takers.length;) {
      const taker = takers.shift();
      if (taker === undefined) return;
      takers.push(taker);
      idle = taker() ? 0 : idle + 1;
    }
  };

  /** Waits until the current call is done: then a publish of many messages is taken in batches. */
  const wake = (): void => {
    if (isWaking) return;
    isWaking = true;
    queueMicrotask(() => {
      isWaking = false;
      askAll();
    });
  };

  return {
    add: (taker) => {
      takers.push(taker);
      wake();
      return () => {
        const index = takers.indexOf(taker);
        if (index !== -1) takers.splice(index, 1);
      };
    },
    wake,
    clear: () => {
      takers.length = 0;
    },
  };
};
