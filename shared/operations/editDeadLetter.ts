import { maskBody } from '../masking/maskBody.ts';
import { ATTRIBUTE } from '../messaging/deadLetterAttributes.ts';
import { MalformedBodyError, parseOrder, parsePayment } from '../messaging/parseMessage.ts';
import type { Publisher } from '../messaging/publisher.ts';
import { maybeSent } from './maybeSent.ts';
import { noteAction } from './noteAction.ts';
import type { Mandate, OperationsStore } from '../store/operationsStore.ts';
import type { DeadLetterRow } from '../store/auditSource.ts';
import type { InputTopic } from '../topology.ts';
import { inputTopicOf } from './planRedrive.ts';

interface EditDeps {
  readonly store: Pick<OperationsStore, 'recordAction'>;
  readonly publisher: Pick<Publisher, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/**
 * What is wrong with a body for a topic when its card numbers are masked, one sentence each; empty when it is
 * valid. It is sent masked (I8), and masking makes a price invalid that looks like a card number.
 */
export const problemsOfBody = (topic: InputTopic, body: Uint8Array): readonly string[] => {
  const { data } = maskBody(body);
  try {
    if (topic === 'orders_data') parseOrder(data);
    else parsePayment(data);
    return [];
  } catch (error) {
    if (error instanceof MalformedBodyError) return error.problems;
    throw error;
  }
};

/** The same copy is the same event, however often it is sent. */
const SEND_AGAIN = 'send the very same copy again, which adds nothing';

/** The copy was sent, and the dead letter does not say so. */
export class EditNotNotedError extends Error {
  override readonly name = 'EditNotNotedError';

  constructor(messageId: string, cause: unknown) {
    super(`the copy was sent as message ${messageId}, and that could not be noted: ${SEND_AGAIN}`, {
      cause,
    });
  }
}

/**
 * Publishes a corrected copy of a dead letter as a new event, and notes it. The original stays as it is. Card
 * numbers in the copy are masked before it is sent (I8). The copy counts as published one millisecond after
 * the original. So it comes after what it corrects, and before all that the producer has sent since.
 * @param body valid for the topic of the dead letter.
 * @returns the id of the message that was published.
 * @throws Error when the topic is unknown or the body is not valid; TransientError when it was not confirmed,
 * and so may have been sent; EditNotNotedError when it was sent and the store did not answer then.
 */
export const editDeadLetter = async (
  { store, publisher, clock }: EditDeps,
  row: DeadLetterRow,
  body: Uint8Array,
  operation: Mandate,
): Promise<string> => {
  const topic = inputTopicOf(row.originTopic);
  if (topic === undefined) throw new Error(`dead letter ${row.id} is of an unknown topic`);
  const { data } = maskBody(body);
  const problems = problemsOfBody(topic, body);
  if (problems.length > 0) throw new Error(`the edited body is not valid: ${problems.join('; ')}`);
  const messageId = await publisher
    .publish(topic, {
      data,
      attributes: {
        [ATTRIBUTE.editedFrom]: row.id,
        [ATTRIBUTE.originPublishTime]: new Date(row.publishedAtMs + 1).toISOString(),
      },
    })
    .catch(maybeSent(SEND_AGAIN));
  try {
    await noteAction(store, row, operation, { kind: 'edited', actedAtMs: clock(), detail: messageId });
  } catch (error) {
    throw new EditNotNotedError(messageId, error);
  }
  return messageId;
};
