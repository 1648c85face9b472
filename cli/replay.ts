import type { Environment } from '../shared/config.ts';
import { describeError } from './describeError.ts';
import { SUBSCRIPTIONS, type InputTopic, nameIn, type SubscriptionSpec } from '../shared/topology.ts';
import { askToGoOn } from './askToGoOn.ts';
import { type Moment, toMs } from './moment.ts';
import { type Target, chooseTarget } from './target.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';

interface ReplayOptions {
  readonly since: Moment;
  /** Both input topics when undefined. */
  readonly topic: InputTopic | undefined;
  readonly yes: boolean;
  readonly json: boolean;
}

const WHY_HARMLESS =
  'Every message keeps its bytes and its first publish time, so it becomes the same entry of the ledger again, and ' +
  'the same cells at the same write times. What was right stays as it is, and what was missing is written. It costs ' +
  'the functions and Cassandra as much as the first delivery did.';

/**
 * Prints how to deliver the messages of the input topics again, and why that is harmless. With an emulator it
 * does so itself.
 * @throws UnableError when it may not, or when Pub/Sub cannot do it.
 */
export const replayCommand = async (options: ReplayOptions, env: Environment): Promise<void> => {
  const { since, topic, yes, json } = options;
  const sinceMs = toMs(since, Date.now());
  const target = await chooseTarget(env, { writes: false, publishes: true, json });
  const specs = SUBSCRIPTIONS.filter(
    ({ topic: own, origin }) => own === origin && (topic === undefined || topic === own),
  );
  const commands = specs.map((spec) => seekCommand(spec, target, sinceMs));
  if (target.config.pubsubEmulatorHost !== undefined) {
    await askToGoOn(
      `What was published since ${new Date(sinceMs).toISOString()} would be delivered again.`,
      yes,
    );
    await seek(specs, target, sinceMs);
    console.log(json ? toJsonLine({ done: true, sinceMs, why: WHY_HARMLESS }) : `Done. ${WHY_HARMLESS}`);
    return;
  }
  const checks = specs.map((spec) => retentionCommand(spec, target));
  console.log(
    json
      ? toJsonLine({ done: false, checks, commands, why: WHY_HARMLESS })
      : [
          '# A seek reaches back as far as the topic keeps its messages. See that first; it must print 604800s:',
          ...checks,
          '# Then deliver again what was published since then:',
          ...commands,
          `# ${WHY_HARMLESS}`,
        ].join('\n'),
  );
};

const projectOf = ({ config }: Target): string => config.projectId ?? '';

const seekCommand = ({ name }: SubscriptionSpec, target: Target, sinceMs: number): string =>
  `gcloud pubsub subscriptions seek ${nameIn(target.config.environment, name)} ` +
  `--project=${projectOf(target)} --time=${new Date(sinceMs).toISOString()}`;

const retentionCommand = ({ topic }: SubscriptionSpec, target: Target): string =>
  `gcloud pubsub topics describe ${nameIn(target.config.environment, topic)} ` +
  `--project=${projectOf(target)} --format='value(messageRetentionDuration)'`;

const seek = async (
  specs: readonly SubscriptionSpec[],
  { config }: Target,
  sinceMs: number,
): Promise<void> => {
  // There is no Google metadata server beside an emulator, and the client would look for one.
  process.env.METADATA_SERVER_DETECTION ??= 'none';
  const { PubSub } = await import('@google-cloud/pubsub');
  const client = new PubSub({
    ...(config.projectId === undefined ? {} : { projectId: config.projectId }),
    ...(config.pubsubEmulatorHost === undefined ? {} : { apiEndpoint: config.pubsubEmulatorHost }),
    emulatorMode: true,
  });
  try {
    for (const { name } of specs) {
      await client.subscription(nameIn(config.environment, name)).seek(new Date(sinceMs));
    }
  } catch (error) {
    throw new UnableError(
      `this Pub/Sub did not deliver again: ${describeError(error)}\n` +
        'The ledger has all that was accepted: "npx tally heal" writes what is missing from it.',
    );
  } finally {
    await client.close();
  }
};
