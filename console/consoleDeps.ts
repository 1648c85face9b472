import type { LocalPart } from '../local/localPart.ts';
import type { LocalSystem } from '../local/startLocal.ts';
import type { OperationsStore } from '../shared/store/operationsStore.ts';
import type { Publisher } from '../shared/messaging/publisher.ts';
import type { Store } from '../shared/store/store.ts';
import type { Place } from './contract.ts';
import type { Feed } from './feed/feed.ts';
import type { SumsSource } from './sums/liveSums.ts';
import type { Traces } from './feed/traces.ts';

/** What a local system lets the page do to it. Absent anywhere else. */
export interface LocalControls {
  /** Where the simulator answers. */
  readonly simulateUrl: string;
  /** Where the functions log, as a shell takes it. */
  readonly logFiles: string;
  readonly cassandra: Pick<LocalPart, 'kind' | 'address' | 'notice'>;
  readonly pubsub: Pick<LocalPart, 'kind'>;
  /** What can be made to go wrong while the system runs. */
  readonly switches: LocalSystem['switches'];
}

/** What the console works with, whatever it looks at. */
export interface ConsoleDeps {
  readonly place: Place;
  readonly store: Store & OperationsStore;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Who acts, for the records of operations. */
  readonly operator: string;
  readonly feed: Feed;
  readonly sums: SumsSource;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly local: LocalControls | undefined;
  /** The spans of the functions. Absent where they are sent elsewhere, or nowhere. */
  readonly traces?: Pick<Traces, 'stepsOf'> | undefined;
}
