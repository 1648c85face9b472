import { discard } from '../../shared/operations/discard.ts';
import { redrive } from '../../shared/operations/redrive.ts';
import { ATTRIBUTE } from '../../shared/messaging/deadLetterAttributes.ts';
import type { OutgoingMessage } from '../../shared/messaging/publisher.ts';
import { createCassandraAuditSource } from '../../shared/store/cassandraAuditSource.ts';
import type { DeadLetterRow } from '../../shared/store/auditSource.ts';
import type { InputTopic } from '../../shared/topology.ts';
import { createCalmClient } from './cassandra/client.ts';
import type { Message, Story } from './oracle.ts';
import { operationOf, type Operator, scheduleCommand } from './scheduleCommand.ts';
import { callOut, currentTask } from './task.ts';

const REDRIVEN_SHARE = 0.3;
const DISCARDED_SHARE = 0.1;

/**
 * An operator redrives some of the dead letters that are there, all of them at once, and discards others. No
 * message is on its way when that begins.
 */
export const scheduleRedrive = async (operator: Operator, story: Story): Promise<void> => {
  const { world, store, random } = operator;
  const calm = createCassandraAuditSource(createCalmClient(world.cluster.replicas));
  const redriven: DeadLetterRow[] = [];
  for await (const row of calm.scanDeadLetters()) {
    if (random.chance(REDRIVEN_SHARE)) redriven.push(row);
    // What people must be told is told in any case, so a discard changes nothing that the oracle looks at.
    else if (row.reason === 'invalid' && random.chance(DISCARDED_SHARE)) {
      world.checks.onDiscarded(row.id);
      scheduleCommand(operator, `the discard of ${row.id}`, () =>
        discard({ store, clock: world.pubsubMs }, row, operationOf(`discard ${row.id}`)),
      );
    }
  }
  const deps = { store, clock: world.pubsubMs, publisher: publisherOf(operator, story) };
  scheduleCommand(operator, 'a redrive', () =>
    redrive(deps, asAsync(redriven), {
      operation: operationOf('redrive'),
      ratePerSecond: Infinity,
      limit: Infinity,
    }),
  );
};

const publisherOf = ({ world, random }: Operator, story: Story) => ({
  publish: (topic: string, { data, attributes = {} }: OutgoingMessage): Promise<string> => {
    const task = currentTask();
    const message = story.messages.find((one) => isAgain(one, topic, data, attributes));
    if (task === undefined || message === undefined) {
      world.checks.violated('I1', `a redrive published what nobody sent to ${topic}`);
      // The violation is enough. A command that fails would be run again for ever.
      return Promise.resolve('nowhere');
    }
    world.checks.onRedriven(message, Number(attributes[ATTRIBUTE.redriveCount]));
    return callOut<string>(task, ({ resolve, reject }) => {
      const takenAtMs = world.scheduler.nowMs() + random.integer(1, 20);
      const isRefused = world.faults.strikes('publish-refused', random);
      const isUnconfirmed = world.faults.strikes('publish-unconfirmed', random);
      world.scheduler.at(takenAtMs, () => {
        if (isRefused) return reject(new Error('refused'));
        const sent = { topic: message.origin, data, attributes, message, reports: [], random };
        const { id } = world.pubsub.accept(sent);
        return isUnconfirmed ? reject(new Error('not confirmed')) : resolve(id);
      });
    });
  },
});

/** The very message: its topic, its bytes and its first publish time. */
const isAgain = (
  { origin, body, publishedAtMs }: Message,
  topic: string,
  data: Uint8Array,
  attributes: Readonly<Record<string, string>>,
): boolean =>
  origin === (topic as InputTopic) &&
  attributes[ATTRIBUTE.originPublishTime] === new Date(publishedAtMs).toISOString() &&
  Buffer.compare(data, body) === 0;

async function* asAsync<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}
