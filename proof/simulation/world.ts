import type { Random } from '../../functions/simulate/random.ts';
import type { PushAnswer } from '../../shared/messaging/pushEndpoint.ts';
import type { ConsumerFunction, SubscriptionSpec, Topic } from '../../shared/topology.ts';
import type { ModelResult, QueryAndParams, StatementOptions } from './cassandra/driverTypes.ts';
import type { Replica, RowWrite } from './cassandra/replica.ts';
import type { Faults } from './faults.ts';
import type { Erasure, Message } from './oracle.ts';
import type { Scheduler } from './scheduler.ts';
import type { PromiseName, Violation } from './violation.ts';

// The parts of a world call each other through a task, so their types are here, below all of them.

/** Everything that one schedule of a run consists of. */
export interface World {
  readonly scheduler: Scheduler;
  /** What Pub/Sub's clock says, in milliseconds since the epoch. */
  readonly pubsubMs: () => number;
  readonly faults: Faults;
  readonly cluster: Cluster;
  readonly pubsub: PubSubModel;
  readonly checks: Checks;
  /** Writes a line of the trace. The line is made only when somebody reads the trace. */
  readonly trace: (line: () => string) => void;
}

/** Code of the product that runs in a process which may end: a delivery, or an operator's command. */
export interface Task {
  readonly world: World;
  /** A name for people. */
  readonly name: string;
  readonly random: Random;
  /** How far the process's clock is off. */
  readonly clockSkewMs: number;
  /** The process ends at this call of the store or the publisher, counted from 1; 0 for never. */
  readonly crashesAtCall: number;
  /** True: it ends before the call is made. False: it ends right after the call is on its way. */
  readonly crashesBeforeCall: boolean;
  /** The process is gone. */
  readonly onCrash: () => void;
  calls: number;
  /** The process is gone: no code of this task runs any more. */
  isDead: boolean;
  /** The world failed one of its calls, so it may ask for a retry. */
  sawFault: boolean;
}

/** One push of one message to one function, from the request to its answer or its end. */
export interface Delivery extends Task {
  readonly queued: QueuedMessage;
  readonly consumer: ConsumerFunction;
  readonly startedAtMs: number;
  /** Pub/Sub has its answer, or waits no longer. */
  isAnswered: boolean;
  /** The reasons of the dead letters that Pub/Sub took from it. */
  readonly told: string[];
}

/** Three replicas and their coordinator. */
export interface Cluster {
  readonly replicas: readonly Replica[];
  /** Runs a statement, or an unlogged batch, that a task sends. */
  readonly execute: (
    task: Task,
    statements: readonly QueryAndParams[],
    options: StatementOptions | undefined,
  ) => Promise<ModelResult>;
}

/** A message in a subscription. */
export interface QueuedMessage {
  readonly id: string;
  readonly topic: Topic;
  readonly spec: SubscriptionSpec;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  readonly publishedAtMs: number;
  /** The message that it carries, as the oracle knows it. */
  readonly message: Message;
  /** The reasons of the dead letters that Tally published with it. Empty for any other carrier. */
  readonly reports: readonly string[];
  readonly random: Random;
  /** The body of its push, after the delivery attempt; undefined until its first push. */
  pushTail: string | undefined;
  attempts: number;
  /** It was acked or forwarded, so Pub/Sub delivers it no more. */
  isDone: boolean;
}

export type NewMessage = Pick<
  QueuedMessage,
  'topic' | 'data' | 'attributes' | 'message' | 'reports' | 'random'
> & {
  /** Pub/Sub's clock, if left out. */
  readonly publishedAtMs?: number | undefined;
};

export interface PubSubModel {
  /** Takes a message at the time of the call, and delivers it until it is acked or forwarded. */
  readonly accept: (message: NewMessage) => QueuedMessage;
  /** A publish by a handler: it may be refused, taken without a confirmation, or taken twice. */
  readonly publish: (delivery: Delivery, message: NewMessage) => Promise<string>;
  /** The function answered a push. A late answer counts as a nack, and an ack may get lost on its way. */
  readonly onAnswer: (delivery: Delivery, isAck: boolean) => void;
  readonly acceptedCount: () => number;
  readonly deliveryCount: () => number;
}

/** What holds at every moment of a run, and what the end of the run is compared with. */
export interface Checks {
  readonly violations: Violation[];
  readonly violated: (promise: PromiseName, detail: string) => void;
  readonly onDeadLetterTaken: (delivery: Delivery, message: NewMessage) => void;
  /** An operator puts the event of a message back, with this count of redrives. */
  readonly onRedriven: (message: Message, count: number) => void;
  /** With which counts the event of a message was put back. */
  readonly redriven: ReadonlyMap<Message, ReadonlySet<number>>;
  /** The id of an invalid dead letter that an operator discards, in a command that runs until it is done. */
  readonly onDiscarded: (id: string) => void;
  readonly discarded: ReadonlySet<string>;
  readonly onAccepted: (message: QueuedMessage) => void;
  /** An operator begins to erase a person's data in an order, perhaps again. */
  readonly onErasing: (erasure: Erasure) => void;
  /** The command has ended, and did not fail. */
  readonly onErased: (erasure: Erasure) => void;
  readonly onAnswer: (delivery: Delivery, answer: PushAnswer) => void;
  /** A replica has applied a mutation. */
  readonly onApplied: (replica: Replica, writes: readonly RowWrite[]) => void;
  /** The ids of all messages of Pub/Sub that carried a message. */
  readonly carrierIds: ReadonlyMap<Message, ReadonlySet<string>>;
}
