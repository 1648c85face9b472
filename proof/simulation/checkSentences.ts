import type { StoredRow } from './cassandra/replica.ts';
import { valueIn } from './isDeadLetterOf.ts';
import { contradictingIds, couldPayIds, type Message, mostRivals, type OrderStory } from './oracle.ts';
import { type Sentence, sentencesOf } from './sentencesOf.ts';
import type { Checks } from './world.ts';

/** I6: a dead letter says what its reason says, of the ids that some messages of its order show. */
export const checkSentences = (
  row: StoredRow,
  message: Message,
  order: OrderStory,
  violated: Checks['violated'],
): void => {
  const reason = String(valueIn(row, 'reason'));
  const sentences = sentencesOf(row);
  const isAlone = sentences.length === 1 || reason === 'unmatched';
  const isRight =
    isAlone &&
    sentences[0]?.about === reason &&
    sentences.every((sentence) => sentence !== undefined && isShown(sentence, message, order));
  if (isRight) return;
  const error = String(valueIn(row, 'error'));
  violated(
    'I6',
    `the dead letter (${reason}) of ${message.label} says "${error}", and no message shows that`,
  );
};

/** Whether a part of an order's messages shows what is said, with the message that told it among them. */
const isShown = (sentence: Sentence, { said }: Message, order: OrderStory): boolean => {
  const { about, orderId, paymentIds, count = 0 } = sentence;
  if (orderId !== order.orderId) return false;
  const isOfTeller = said.kind === 'payment' && paymentIds[0] === said.paymentId;
  switch (about) {
    case 'unmatched':
      return isOfTeller;
    case 'conflict': {
      const named = new Set(paymentIds);
      const isEach = named.size === paymentIds.length && count === named.size;
      return isEach && count > 1 && named.isSubsetOf(couldPayIds(order));
    }
    case 'changed':
      return isOfTeller && contradictingIds(order.payments).has(said.paymentId);
    case 'rivals':
      return count > 1 && count <= mostRivals(order);
  }
};
