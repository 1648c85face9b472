import type { Delivery } from './world.ts';

let current: Delivery | undefined;

/**
 * The delivery whose code is running. Between two steps of the scheduler only one delivery runs, so the store
 * and the publisher can ask here who calls them.
 */
export const currentDelivery = (): Delivery | undefined => current;

/** Lets the code of a delivery go on, unless its process is gone. */
export const resume = (delivery: Delivery, run: () => void): void => {
  if (delivery.isDead) return;
  current = delivery;
  delivery.world.scheduler.resumed();
  run();
};

/** From here on no delivery's code is running. */
export const leaveDelivery = (): void => {
  current = undefined;
};

export interface Answer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes a call of a handler. `start` makes the call, and the world answers it later. The process may crash at
 * the call; then the answer reaches nobody.
 */
export const callOut = <T>(delivery: Delivery, start: (answer: Answer<T>) => void): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  if (delivery.isDead) return promise;
  delivery.calls += 1;
  const crashes = delivery.calls === delivery.crashesAtCall;
  if (crashes && delivery.crashesBeforeCall) {
    crash(delivery);
    return promise;
  }
  start({
    resolve: (value) => resume(delivery, () => resolve(value)),
    reject: (error) => {
      delivery.sawFault = true;
      resume(delivery, () => reject(error));
    },
  });
  if (crashes) crash(delivery);
  return promise;
};

const crash = (delivery: Delivery): void => {
  delivery.world.trace(() => `${delivery.consumer} crashes while it handles ${delivery.message.id}`);
  delivery.isDead = true;
  delivery.world.pubsub.onBroken(delivery);
};
