import type { Random } from '../../functions/simulate/random.ts';
import type { DeadLetterReason } from '../../shared/domain/event.ts';
import type { ConsumerFunction } from '../../shared/topology.ts';
import type { QueuedMessage } from './pubsub.ts';
import type { World } from './world.ts';

/** One push of one message to one function, from the request to its answer or its end. */
export interface Delivery {
  readonly world: World;
  readonly message: QueuedMessage;
  readonly consumer: ConsumerFunction;
  readonly startedAtMs: number;
  readonly random: Random;
  /** How far the function's clock is off. */
  readonly clockSkewMs: number;
  /** The process ends at its so-manyth call of the store or the publisher. */
  readonly crashesAtCall: number;
  /** Before the call is made, or right after it is on its way. */
  readonly crashesBeforeCall: boolean;
  calls: number;
  /** Pub/Sub has its answer, or waits no longer. */
  isAnswered: boolean;
  /** The process is gone: nothing of it goes on. */
  isDead: boolean;
  /** Something of the world failed it, so that it may answer that it wants a retry. */
  sawFault: boolean;
  /** The reasons of the dead letters that Pub/Sub took from it. */
  readonly deadLetters: DeadLetterReason[];
}

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
