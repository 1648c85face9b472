import { type Outcome, OUTCOMES } from '../contract.ts';
import { newAttempt } from './feedWitness.ts';
import { type FeedState, isInput } from './feedState.ts';
import { addAttempt, type KeptMessage, newKeptMessage } from './keptMessages.ts';
import { type OutcomeLine, readOutcomeLine } from './outcomeLine.ts';
import { sampleBits } from './nextSampling.ts';
import { isCalm } from './toStreamRow.ts';

/** The errors of the store that mean that nobody answered, or not in time. */
const STORE_ERROR = /Cassandra|the store/;

/**
 * Takes the lines of the functions: what became of each message, and how long it took.
 * @returns the function for each line, with the name of the process that wrote it.
 */
export const createOutcomes =
  (state: FeedState) =>
  (name: string, text: string): void => {
    const line = readOutcomeLine(text);
    if (line === undefined) return;
    count(state, line);
    // A dead letter that was recorded is told; it is not one of the messages.
    if (!isInput(line.subscription) && line.outcome === 'recorded') return;
    const message = messageOf(state, line);
    if (!isInput(line.subscription) && message.ackedAtMs !== null) return;
    describe(message, line, name, state);
    if (line.isAck && !isSettledByWitness(state, line)) message.ackedAtMs ??= state.clock();
    state.listable.add(isCalm(message) ? 'calm' : 'others', state.clock());
    state.touch(message);
  };

const count = (state: FeedState, line: OutcomeLine): void => {
  const { clock, flow, tells, outcomes } = state;
  const nowMs = clock();
  const { consumer } = line.subscription;
  flow.add(consumer, nowMs);
  if (line.tookMs !== undefined) state.handling.get(consumer)?.add(nowMs, line.tookMs);
  if (isInput(line.subscription)) {
    outcomes.add(outcomeOf(line), nowMs);
    if (line.findings.length > 0) outcomes.add('findings', nowMs);
  }
  if (!line.isAck) {
    state.refused.add(consumer, nowMs);
    if (!state.isWitnessed) state.retries.add(nowMs);
    if (STORE_ERROR.test(line.error ?? '')) state.outages.failed(nowMs);
    return;
  }
  // An invalid message is settled without the store, so it does not say that the store answers.
  if (line.outcome !== 'invalid') state.outages.answered(nowMs);
  // The others publish what they tell, and `onDlq` records it then.
  if (consumer === 'onDlq') {
    const reasons = (line.reason ?? '').split(',').filter((reason) => reason !== '').length;
    flow.add('dead_letters', nowMs, reasons);
    if (reasons > 0) state.deadLettersVersion += 1;
  }
  if (line.outcome === 'recorded') return;
  if (line.outcome === 'invalid') tells.add(`${consumer}/invalid`, nowMs);
  else {
    // Step 1 writes the entry, with an order's own columns. Step 4 writes a payment's columns.
    flow.add('ledger_by_order', nowMs);
    if (line.outcome === 'stored' || line.outcome === 'matched') flow.add('orders_payments_facts', nowMs);
  }
  if (line.outcome === 'parked') tells.add(`${consumer}/unmatched`, nowMs);
  if (line.findings.length > 0) tells.add(`${consumer}/findings`, nowMs);
  if (!state.isWitnessed) {
    state.acked.add(nowMs);
    state.endToEnd.add(nowMs, nowMs - line.publishedAtMs);
  }
};

/** The message that the line is about. Without a witness, its first line is the first that is heard of it. */
const messageOf = ({ kept }: FeedState, line: OutcomeLine): KeptMessage => {
  const { messageId, eventId, originMessageId, publishedAtMs, origin } = line;
  const known = kept.byMessage(messageId);
  const bits = sampleBits(eventId);
  if (known !== undefined) return known.eventId === eventId ? known : kept.name(known, eventId, bits);
  const sameEvent = kept.byEvent(eventId);
  if (sameEvent !== undefined) {
    kept.join(messageId, sameEvent);
    return sameEvent;
  }
  const message = newKeptMessage({
    messageId: originMessageId,
    topic: origin,
    publishedAtMs,
    published: undefined,
  });
  kept.add(message);
  return kept.name(message, eventId, bits);
};

const describe = (message: KeptMessage, line: OutcomeLine, name: string, state: FeedState): void => {
  const outcome = outcomeOf(line);
  // A later copy that fails does not undo what an earlier one has reached.
  if (line.isAck || message.outcome === 'on its way' || message.outcome === 'retry')
    message.outcome = outcome;
  message.orderId = line.orderId ?? message.orderId;
  message.paymentId = line.paymentId ?? message.paymentId;
  message.findings = line.findings.length > 0 ? line.findings : message.findings;
  message.error = line.error;
  message.redriveCount = Math.max(message.redriveCount, line.redriveCount);
  const attempt = attemptOf(message, line, state);
  attempt.isPulled = name === 'worker';
  attempt.answered = line.isAck ? 'ack' : 'retry';
  attempt.outcome = outcome;
  attempt.error = line.error;
  attempt.traceId = line.traceId;
};

/**
 * Whether Pub/Sub itself says how the delivery ended. Of what was forwarded, only the line of `onDlq` does.
 */
const isSettledByWitness = ({ isWitnessed }: FeedState, { subscription }: OutcomeLine): boolean =>
  isWitnessed && isInput(subscription);

/** The delivery that the line is about: by its number, where Pub/Sub says one, and without an answer yet. */
const attemptOf = (message: KeptMessage, line: OutcomeLine, state: FeedState) => {
  const isSettled = isSettledByWitness(state, line);
  const open = message.attempts.filter(({ answered }) => isSettled && answered === undefined);
  const known = open.find(({ number }) => number === line.deliveryAttempt) ?? open[0];
  if (known !== undefined) return known;
  const nowMs = state.clock();
  const number = line.deliveryAttempt ?? message.attempts.length + 1;
  const attempt = newAttempt(number, line.subscription.consumer, nowMs - (line.tookMs ?? 0));
  addAttempt(message, attempt);
  if (!isSettled) {
    Object.assign(attempt, { endedAtMs: nowMs, ended: line.isAck ? 'acked' : 'nacked' });
    if (!line.isAck) message.failed += 1;
  }
  return message.attempts.at(-1) ?? attempt;
};

const outcomeOf = ({ outcome }: OutcomeLine): Outcome =>
  OUTCOMES.find((known) => known === outcome) ?? 'stored';
