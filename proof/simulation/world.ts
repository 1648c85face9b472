import type { Cluster } from './cassandra/cluster.ts';
import type { Checks } from './checks.ts';
import type { Faults } from './faults.ts';
import type { PubSubModel } from './pubsub.ts';
import type { Scheduler } from './scheduler.ts';

/** Everything that one run consists of. */
export interface World {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly cluster: Cluster;
  readonly pubsub: PubSubModel;
  readonly checks: Checks;
  /** A line for whoever follows the run; made only where somebody does. */
  readonly trace: (line: () => string) => void;
}

/** When a run begins, in milliseconds since the epoch: 2024-01-21T10:00:00Z. */
export const EPOCH_MS = 1_705_831_200_000;
