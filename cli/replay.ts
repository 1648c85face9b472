import type { Environment } from '../shared/config.ts';
import { SUBSCRIPTIONS, type InputTopic, nameIn, type SubscriptionSpec } from '../shared/topology.ts';
import { askToGoOn } from './askToGoOn.ts';
import { couldNotBegin } from './couldNotBegin.ts';
import { describeError } from './describeError.ts';
import { countKept, type Kept, seek } from './countKept.ts';
import { type Moment, toMs } from './moment.ts';
import { oldestWaiting } from './oldestWaiting.ts';
import { plural } from './plural.ts';
import { readRunFile } from './runFile.ts';
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

interface Replay {
  readonly specs: readonly SubscriptionSpec[];
  readonly target: Target;
  readonly sinceMs: number;
}

const WHY_HARMLESS =
  'Every message keeps its bytes and its first publish time, so it becomes the same entry of the ledger again, and ' +
  'the same cells at the same write times. What was right stays as it is, and what was missing is written. It costs ' +
  'the functions and Cassandra as much as the first delivery did.';

/**
 * Prints how to deliver the messages of the input topics again, and why that is harmless. With an emulator it
 * does so itself, and says how many messages that are.
 * @throws UnableError when it may not, or when Pub/Sub cannot do it.
 */
export const replayCommand = async (options: ReplayOptions, env: Environment): Promise<void> => {
  const { since, topic, yes, json } = options;
  const nowMs = Date.now();
  const sinceMs = toMs(since, nowMs);
  if (sinceMs > nowMs) {
    // Pub/Sub would take it, and forget every message that waits.
    throw new UnableError(`--since: expected a time that is past, got ${new Date(sinceMs).toISOString()}`);
  }
  const target = await chooseTarget(env, { writes: false, publishes: true, json }).catch(couldNotBegin);
  const specs = SUBSCRIPTIONS.filter(
    ({ topic: own, origin }) => own === origin && (topic === undefined || topic === own),
  );
  const replay = { specs, target, sinceMs };
  const address = target.config.pubsubEmulatorHost;
  if (address === undefined) printCommands(replay, json);
  else await deliverAgain(replay, { address, yes, json });
};

const printCommands = ({ specs, target, sinceMs }: Replay, json: boolean): void => {
  const checks = specs.map((spec) => retentionCommand(spec, target));
  const before = specs.map((spec) => snapshotCommands(spec, target, sinceMs).create);
  const commands = specs.map((spec) =>
    seekCommand(spec, target, `--time=${new Date(sinceMs).toISOString()}`),
  );
  const after = specs.flatMap((spec) => snapshotCommands(spec, target, sinceMs).use);
  console.log(
    json
      ? toJsonLine({ done: false, checks, before, commands, after, why: WHY_HARMLESS })
      : [
          '# A seek reaches back as far as the topic keeps its messages. See that first; it must print 604800s:',
          ...checks,
          '# A seek also forgets what was published before its time and still waits. A snapshot keeps that:',
          ...before,
          '# Then deliver again what was published since then:',
          ...commands,
          '# When no message waits any more, deliver what waited before, and delete the snapshots:',
          ...after,
          `# ${WHY_HARMLESS}`,
        ].join('\n'),
  );
};

const projectOf = ({ config }: Target): string => config.projectId ?? '';

const seekCommand = ({ name }: SubscriptionSpec, target: Target, to: string): string =>
  `gcloud pubsub subscriptions seek ${nameIn(target.config.environment, name)} --project=${projectOf(target)} ${to}`;

/** A snapshot keeps which messages of a subscription are not acked. Its name says for which replay it is. */
const snapshotCommands = (spec: SubscriptionSpec, target: Target, sinceMs: number) => {
  const subscription = nameIn(target.config.environment, spec.name);
  const snapshot = `tally-replay-${subscription}-${sinceMs}`;
  const inProject = `${snapshot} --project=${projectOf(target)}`;
  return {
    create: `gcloud pubsub snapshots create ${inProject} --subscription=${subscription}`,
    use: [seekCommand(spec, target, `--snapshot=${snapshot}`), `gcloud pubsub snapshots delete ${inProject}`],
  };
};

const retentionCommand = ({ topic }: SubscriptionSpec, target: Target): string =>
  `gcloud pubsub topics describe ${nameIn(target.config.environment, topic)} ` +
  `--project=${projectOf(target)} --format='value(messageRetentionDuration)'`;

const deliverAgain = async (
  { specs, target, sinceMs: asked }: Replay,
  { address, yes, json }: { readonly address: string; readonly yes: boolean; readonly json: boolean },
): Promise<void> => {
  const emulator = { address, projectId: projectOf(target) };
  const inIt = (name: string): string => nameIn(target.config.environment, name);
  const { sinceMs, note } = await safeSince(specs, { asked, address });
  const kept = new Map<string, Kept>();
  for (const { topic } of specs) {
    kept.set(topic, await unlessUnable(() => countKept(emulator, inIt(topic), sinceMs)));
  }
  const counted = [...kept]
    .map(([name, { messages }]) => `${plural(messages, 'message')} of ${name}`)
    .join(', ');
  const oldest = oldestOf([...kept.values()]);
  const hasAny = oldest !== undefined;
  const since = new Date(sinceMs).toISOString();
  if (hasAny) {
    if (note !== '') console.error(note);
    await askToGoOn(`${counted} would be delivered again, the oldest published at ${oldest}.`, yes);
    for (const { name } of specs) await unlessUnable(() => seek(emulator, inIt(name), sinceMs));
  }
  if (json) {
    const messages = new Map([...kept].map(([name, one]) => [name, one.messages]));
    console.log(toJsonLine({ done: hasAny, since, messages, oldest, why: WHY_HARMLESS }));
  } else if (hasAny) {
    console.log(`Delivered again: ${counted}, the oldest published at ${oldest}. ${WHY_HARMLESS}`);
  } else {
    console.log(
      `Nothing was delivered again: this Pub/Sub keeps no message that was published since ${since}.`,
    );
  }
};

/**
 * A seek forgets what was published before its time and still waits. So it goes back to the oldest message
 * that waits. Only the system that runs here tells which one that is.
 */
const safeSince = async (
  specs: readonly SubscriptionSpec[],
  { asked, address }: { readonly asked: number; readonly address: string },
): Promise<{ readonly sinceMs: number; readonly note: string }> => {
  const run = await readRunFile();
  const isOurs = run?.env.PUBSUB_EMULATOR_HOST === address;
  const names = specs.map(({ name }) => name);
  const waiting = isOurs ? await unlessUnable(() => oldestWaiting(run.console, names)) : 'unknown';
  const since = new Date(asked).toISOString();
  if (waiting === 'unknown') {
    return { sinceMs: asked, note: `What was published before ${since} and still waits would be forgotten.` };
  }
  if (waiting === undefined || waiting >= asked) return { sinceMs: asked, note: '' };
  const oldest = new Date(waiting).toISOString();
  return {
    sinceMs: waiting,
    note: `A message waits since ${oldest}. A seek to ${since} would forget it, so the replay begins there.`,
  };
};

const oldestOf = (kept: readonly Kept[]): string | undefined => {
  const times = kept.flatMap(({ oldestAtMs }) => (oldestAtMs === undefined ? [] : [oldestAtMs]));
  return times.length === 0 ? undefined : new Date(Math.min(...times)).toISOString();
};

const unlessUnable = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw new UnableError(
      `this Pub/Sub did not deliver again: ${describeError(error)}\n` +
        'The ledger has all that was accepted: "npx tally heal" writes what is missing from it.',
    );
  }
};
