import { type Environment, loadPublisherConfig, type PublisherConfig } from '../shared/config.ts';
import { maskBody } from '../shared/masking/maskBody.ts';
import { maskCardNumbers } from '../shared/masking/maskCardNumbers.ts';
import { TransientError } from '../shared/errors.ts';
import { MalformedBodyError, parseOrder, parsePayment } from '../shared/messaging/parseMessage.ts';
import { type InputTopic, nameIn } from '../shared/topology.ts';
import { describeError } from './describeError.ts';
import type { MessageKind } from './messageKinds.ts';
import { nameOf, readBody } from './readBody.ts';
import { withRunningPubSub } from './runFile.ts';
import { openPublisher } from './openPublisher.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';

const TOPIC_OF: Readonly<Record<MessageKind, InputTopic>> = {
  order: 'orders_data',
  payment: 'payments_data',
};

const CARD_NUMBER_NOTE =
  'It holds a card number, which Pub/Sub got as it is. Tally masks it before it stores or logs anything.';

interface PublishCommandOptions {
  readonly kind: MessageKind;
  /** The path of a JSON file; `-` is standard input. */
  readonly file: string;
  /** Sends a body that is not valid, too. */
  readonly anyway: boolean;
  readonly json: boolean;
}

/**
 * Publishes one order or payment, byte for byte, and prints its message id. Everything is checked before
 * anything is sent, and where it goes is said on standard error.
 * @throws UnableError when nothing was sent, or when Pub/Sub did not confirm it.
 */
export const publishCommand = async (options: PublishCommandOptions, env: Environment): Promise<void> => {
  const message = await prepare(options, env).catch((error: unknown) => {
    throw new UnableError('nothing was sent', { cause: error });
  });
  console.error(targetLine(message, options.json));
  const messageId = await send(message);
  console.log(options.json ? toJson(message, messageId) : format(message, messageId));
};

/** A body that may be sent, what is known about it, and where it goes. */
interface PreparedMessage extends CheckedBody {
  readonly kind: MessageKind;
  readonly data: Uint8Array;
  readonly holdsCardNumber: boolean;
  readonly config: PublisherConfig;
}

interface CheckedBody {
  /** Undefined in a body that is not valid. */
  readonly orderId: bigint | undefined;
  /** Undefined in an order, and in a body that is not valid. */
  readonly paymentId: bigint | undefined;
  /** One sentence for each thing that is wrong, card numbers masked; empty in a valid body. */
  readonly problems: readonly string[];
}

const prepare = async (
  { kind, file, anyway }: PublishCommandOptions,
  env: Environment,
): Promise<PreparedMessage> => {
  const data = await readBody(file);
  const checked = checkBody(kind, data);
  if (checked.problems.length > 0 && !anyway) {
    throw new Error(
      [
        `${nameOf(file)} is not a valid ${kind}`,
        ...indented(checked.problems),
        'To send it as it is, add --anyway. Tally will dead-letter it as invalid.',
      ].join('\n'),
    );
  }
  const config = loadPublisherConfig(await withRunningPubSub(env));
  return { ...checked, kind, data, holdsCardNumber: maskBody(data).isRedacted, config };
};

/** What the functions will say about a body, by their own parser. Ids are shown, because I8 exempts them. */
const checkBody = (kind: MessageKind, data: Uint8Array): CheckedBody => {
  try {
    const ids =
      kind === 'order'
        ? { orderId: parseOrder(data).order.orderId, paymentId: undefined }
        : parsePayment(data).payment;
    return { orderId: ids.orderId, paymentId: ids.paymentId, problems: [] };
  } catch (error) {
    if (!(error instanceof MalformedBodyError)) throw error;
    // The sentences quote no text. They are masked all the same, so that I8 does not hang on their wording.
    return { orderId: undefined, paymentId: undefined, problems: error.problems.map(maskCardNumbers) };
  }
};

const send = async ({ kind, data, orderId, config }: PreparedMessage): Promise<string> => {
  const publisher = openPublisher({ config });
  try {
    return await publisher.publish(TOPIC_OF[kind], { data });
  } catch (error) {
    const advice =
      orderId === undefined ? '' : `\nLook with "npx tally order ${orderId}" before you send it again.`;
    throw new UnableError(
      `Pub/Sub (${addressOf(config)}) did not confirm the message: ${causeOf(error)}${advice}`,
    );
  } finally {
    await publisher.close();
  }
};

/** What went wrong below the publisher. The publisher's own error says only that nothing was confirmed. */
const causeOf = (error: unknown): string =>
  describeError(error instanceof TransientError ? (error.cause ?? error) : error);

const addressOf = ({ projectId, pubsubEmulatorHost }: PublisherConfig): string =>
  `project ${projectId}, ${pubsubEmulatorHost ?? 'Google Cloud'}`;

/** Nobody is asked, and a variable that a shell happens to have may name a real project. */
const targetLine = (message: PreparedMessage, json: boolean): string => {
  const { projectId: project = null, pubsubEmulatorHost: pubsub = 'Google Cloud' } = message.config;
  const topic = topicOf(message);
  return json
    ? toJsonLine({ event: 'target', project, pubsub, topic })
    : `Target: topic ${topic} (${addressOf(message.config)})`;
};

const topicOf = ({ kind, config }: PreparedMessage): string => nameIn(config.environment, TOPIC_OF[kind]);

const format = (message: PreparedMessage, messageId: string): string => {
  const { kind, orderId, problems, holdsCardNumber, config } = message;
  return [
    `Sent message ${messageId} to topic ${topicOf(message)} (${addressOf(config)}).`,
    ...(holdsCardNumber ? [CARD_NUMBER_NOTE] : []),
    ...(problems.length === 0
      ? [`See what became of it: npx tally order ${orderId}`]
      : [
          `It is not a valid ${kind}, so Tally will dead-letter it as invalid:`,
          ...indented(problems),
          'See its dead letter: npx tally dlq ls --reason invalid',
        ]),
  ].join('\n');
};

const indented = (sentences: readonly string[]): string[] => sentences.map((sentence) => `  ${sentence}`);

const toJson = (message: PreparedMessage, messageId: string): string => {
  const { orderId, paymentId, problems, holdsCardNumber } = message;
  return toJsonLine({ messageId, topic: topicOf(message), orderId, paymentId, holdsCardNumber, problems });
};
