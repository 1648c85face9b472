import { status } from '@grpc/grpc-js';
import { createBacklog, type LeaseRequest } from './backlog.ts';
import type { PushBackoff } from './backoff.ts';
import type { Faults } from './faults.ts';
import type { PublishedMessage } from './message.ts';
import { createPusher } from './pusher.ts';
import type { Push } from './pushRequest.ts';
import { invalidArgument, StatusError, stopped } from './statusError.ts';
import { assertSettings, type SubscriptionSettings } from './subscriptionSettings.ts';
import type { Witness } from './witness.ts';
import { type Delivery } from './message.ts';

/** A ModifyAckDeadline takes up to this many seconds; 0 is a nack. */
const MODIFY_SECONDS_MAX = 600;

/** Someone who takes messages by pull; told when that is over for them. */
export interface Puller {
  /** Takes what it can of the ready messages, a batch at the most; false when it took none. */
  readonly take: () => boolean;
  readonly onClosed: (reason: StatusError) => void;
}

export interface Subscription {
  readonly settings: () => SubscriptionSettings;
  /** @throws StatusError; nothing is changed then. */
  readonly update: (changes: Partial<SubscriptionSettings>) => void;
  readonly enqueue: (message: PublishedMessage) => void;
  /** Messages that are not acked yet, and their bytes. */
  readonly owed: () => { readonly messages: number; readonly bytes: number };
  readonly lease: (request: LeaseRequest) => Delivery[];
  /** @throws StatusError FAILED_PRECONDITION on a push subscription. @returns how to take the puller away again. */
  readonly addPuller: (puller: Puller) => () => void;
  /** Asks the pullers again: one of them can take more than before. */
  readonly wake: () => void;
  /** Ack ids that are unknown or whose delivery is over change nothing. */
  readonly acknowledge: (ackIds: readonly string[]) => void;
  /** @throws StatusError INVALID_ARGUMENT for a deadline that is not 0 to 600 seconds. */
  readonly modifyAckDeadline: (ackIds: readonly string[], seconds: number) => void;
  /** Forgets everything; no timer, request or stream is left when it resolves. */
  readonly stop: (reason?: StatusError) => Promise<void>;
}

export interface SubscriptionOptions {
  /** Checked already. */
  readonly settings: SubscriptionSettings;
  /** Publishes to the dead-letter topic; false when that topic does not take the message now. */
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

/** One subscription: its settings, its backlog, and those who take from it by push or by pull. */
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
      if (next.pushConfig.pushEndpoint !== '') closePullers(pushesOnly(next.name));
      backlog.wake();
    },
    enqueue: backlog.enqueue,
    owed: backlog.owed,
    lease: backlog.lease,
    wake: backlog.wake,
    addPuller: (puller) => {
      if (settings.pushConfig.pushEndpoint !== '') throw pushesOnly(settings.name);
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
        if (faults.isAckLost(`${settings.name}/${delivery.message.messageId}/${delivery.attempt}`)) continue;
        backlog.ack(ackId);
      }
    },
    modifyAckDeadline: (ackIds, seconds) => {
      if (seconds < 0 || seconds > MODIFY_SECONDS_MAX) {
        throw invalidArgument(`An ack deadline is modified to 0 to ${MODIFY_SECONDS_MAX} s, not ${seconds}.`);
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

const pushesOnly = (name: string): StatusError =>
  new StatusError(status.FAILED_PRECONDITION, `This method needs a pull subscription, and ${name} pushes.`);
