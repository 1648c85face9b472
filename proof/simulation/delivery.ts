import type { Delivery } from './world.ts';

let current: Delivery | undefined;

/** Whose code is running. One delivery only runs between two steps of the scheduler, so that its calls need no name. */
export const currentDelivery = (): Delivery | undefined => current;

/** Lets a delivery's code go on, unless its process is gone. */
export const resume = (delivery: Delivery, run: () => void): void => {
  if (delivery.isDead) return;
  current = delivery;
  delivery.world.scheduler.resumed();
  run();
};

/** From here on nobody's code is running. */
export const leaveDelivery = (): void => {
  current = undefined;
};

export interface Answer<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A call out of a handler: `start` makes it, and answers when the world says so. The process may end at it; then nobody
 * hears the answer.
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
