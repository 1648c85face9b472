import type { PubSubKind } from '../local/pubsub/pubSubKinds.ts';
import { describeError } from './describeError.ts';

/** What a person must hear of a Cassandra that ended. The rest runs on, so that an outage can be watched. */
export const explainDeath = (error: unknown, pubsub: PubSubKind): string =>
  [
    `!!! ${describeError(error)}`,
    '!!! The rest runs on: the functions answer 503, and Pub/Sub delivers each message again.',
    pubsub === 'external'
      ? '!!! Start Cassandra on the page, under Faults.'
      : '!!! Start Cassandra on the page, under Faults. Or press Ctrl-C, and the messages that wait are gone: Pub/Sub has them in memory.',
    '!!! If it ends again, add --fresh, which deletes the data.',
  ].join('\n');
