import { status } from '@grpc/grpc-js';
import { type Backlog, createBacklog } from './backlog.ts';
import type { PushBackoff } from './backoff.ts';
import type { Faults } from './faults.ts';
import type { PublishedMessage } from './message.ts';
import { createPusher } from './pusher.ts';
import type { Push } from './httpPush.ts';
import { invalidArgument, StatusError, stopped } from './statusError.ts';
import { assertSettings, type SubscriptionSettings } from './subscriptionSettings.ts';
import type { Taker } from './takers.ts';
import type { Witness } from './witness.ts';

/** The longest deadline that ModifyAckDeadline takes. Its shortest, 0, is a nack. */
const MODIFY_SECONDS_MAX = 600;

/** One Pull or StreamingPull that takes messages. */
interface Puller {
  readonly take: Taker;
  /** Called when it gets no more messages: the subscription is gone, or it pushes from now on. */
  readonly onClosed: (reason: StatusError) => void;
}

export interface Subscription {
  readonly settings: () => SubscriptionSettings;
  /** @throws StatusError for settings that production refuses. Then nothing has changed. */
  readonly update: (changes: Partial<SubscriptionSettings>) => void;
  readonly enqueue: (message: PublishedMessage) => void;
  readonly owed: Backlog['owed'];
  readonly lease: Backlog['lease'];
  /**
   * @returns a function that removes the puller again.
   * @throws StatusError FAILED_PRECONDITION on a push subscription, and on a detached one.
   */
  readonly addPuller: (puller: Puller) => () => void;
  readonly wake: Backlog['wake'];
  readonly createdAtMs: number;
  /** Forgets what was published before that time, delivered or not. */
  readonly forgetBefore: Backlog['forgetBefore'];
  readonly owedIds: Backlog['owedIds'];
  /** Ignores an ack id that is unknown or whose delivery is over. */
  readonly acknowledge: (ackIds: readonly string[]) => void;
  /** @throws StatusError INVALID_ARGUMENT for a deadline that is not 0 to 600 seconds. */
  readonly modifyAckDeadline: (ackIds: readonly string[], seconds: number) => void;
  /**
   * Forgets everything. When it resolves, no timer, request or stream is left.
   * @param reason what the pullers hear; unless given, that the server stops.
   */
  readonly stop: (reason?: StatusError) => Promise<void>;
}

interface SubscriptionOptions {
  /** Must be valid: see `assertSettings`. */
  readonly settings: SubscriptionSettings;
  /** Publishes to the dead-letter topic. False: that topic does not take the message now. */
  readonly forward: (
    settings: SubscriptionSettings,
    message: PublishedMessage,
    deliveryAttempts: number,
  ) => boolean;
  readonly push: Push;
  readonly pushBackoff: PushBackoff;
  readonly faults: Faults;
  readonly witness: Witness;
}

/** One subscription: its settings, its backlog, its pusher and its pullers. */
export const createSubscription = (options: SubscriptionOptions): Subscription => {
  const { forward, push, pushBackoff, faults, witness } = options;
  let { settings } = options;
  const pullers = new Set<Puller>();
  const backlog = createBacklog({
    settings: () => settings,
    forward: (message, deliveryAttempts) => forward(settings, message, deliveryAttempts),
    faults,
    witness,
  });
  const pusher = createPusher({ settings: () => settings, backlog, push, pushBackoff, faults });

  const closePullers = (reason: StatusError): void => {
    for (const puller of pullers) puller.onClosed(reason);
  };

  return {
    settings: () => settings,
    update: (changes) => {
      const next = { ...settings, ...changes };
      assertSettings(next);
      const isOtherEndpoint = next.pushConfig.pushEndpoint !== settings.pushConfig.pushEndpoint;
      settings = next;
      if (isOtherEndpoint) pusher.reset();
      const refusal = pullRefusal(next);
      if (refusal !== undefined) closePullers(refusal);
      backlog.wake();
    },
    enqueue: backlog.enqueue,
    owed: backlog.owed,
    lease: backlog.lease,
    wake: backlog.wake,
    createdAtMs: Date.now(),
    forgetBefore: backlog.forgetBefore,
    owedIds: backlog.owedIds,
    addPuller: (puller) => {
      const refusal = pullRefusal(settings);
      if (refusal !== undefined) throw refusal;
      pullers.add(puller);
      const removeTaker = backlog.addTaker(puller.take);
      return () => {
        pullers.delete(puller);
        removeTaker();
      };
    },
    acknowledge: (ackIds) => {
      for (const ackId of ackIds) {
        const delivery = backlog.find(ackId);
        if (delivery === undefined) continue;
        if (faults.isAckLost(`${settings.name}/${delivery.message.nth}/${delivery.attempt}`)) continue;
        backlog.ack(ackId);
      }
    },
    modifyAckDeadline: (ackIds, seconds) => {
      if (seconds < 0 || seconds > MODIFY_SECONDS_MAX) {
        throw invalidArgument(`The new ack deadline is 0 to ${MODIFY_SECONDS_MAX} s, not ${seconds}.`);
      }
      for (const ackId of ackIds) {
        if (seconds === 0) backlog.nack(ackId);
        else backlog.extend(ackId, seconds * 1_000);
      }
    },
    stop: async (reason = stopped()) => {
      closePullers(reason);
      await pusher.stop();
      backlog.stop();
    },
  };
};

/** Why nobody can pull from a subscription. Undefined: they can. */
const pullRefusal = ({ name, pushConfig, isDetached }: SubscriptionSettings): StatusError | undefined => {
  const refused = (what: string) =>
    new StatusError(
      status.FAILED_PRECONDITION,
      `This method needs a pull subscription, and ${name} ${what}.`,
    );
  if (isDetached) return refused('is detached');
  return pushConfig.pushEndpoint === '' ? undefined : refused('pushes');
};
