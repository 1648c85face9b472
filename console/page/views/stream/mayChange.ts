import type { MessageAnswer, MessageDetail, ToldLetter } from '../../../contract.ts';

/**
 * Whether what is said of a message may soon be untrue. Its ack may be seen before its outcome is read, and a
 * dead letter is recorded after it. What was dropped comes again after a seek. Pure.
 */
export const mayChange = ({ message, told }: MessageAnswer): boolean => {
  if (message === null) return false;
  const { attempts, outcome } = message;
  const isOver = attempts.isAcked && outcome !== 'on its way' && outcome !== 'retry';
  return !isOver || unrecorded(message.told, told).length > 0;
};

/** The dead letters that were seen, and that the tables do not have yet. */
export const unrecorded = (
  sent: MessageDetail['told'],
  told: readonly ToldLetter[],
): MessageDetail['told'] => {
  const recorded = new Set(told.map(({ reason }) => reason));
  return sent.filter(({ reasons }) => reasons.some((reason) => !recorded.has(reason)));
};
