import type { Step, StepName, Steps } from '../contract.ts';
import type { ReceivedSpan } from './spansIn.ts';

/** As many deliveries as the stream keeps messages. */
const DELIVERIES_MAX = 10_000;
/** A delivery has six, and one more for each hundred entries that an erasure blanks. */
const STEPS_MAX = 32;
const STEP_NAMES: readonly StepName[] = ['record', 'read', 'fold', 'show', 'tell', 'ack'];

/** What is known of the last deliveries of a local system, from the spans of its functions. */
export interface Traces {
  readonly add: (spans: readonly ReceivedSpan[]) => void;
  /** The steps of the last delivery of an event; undefined when its spans are not here. */
  readonly stepsOf: (eventId: string) => Steps | undefined;
}

interface Delivery {
  readonly steps: Step[];
  /** The span of the delivery itself, which comes last. Undefined: only steps have come. */
  whole: ReceivedSpan | undefined;
}

/**
 * Keeps the newest deliveries. Steps come before their delivery, because a span is sent when it has ended.
 * The oldest delivery goes when there is no room.
 */
export const createTraces = (deliveriesMax: number = DELIVERIES_MAX): Traces => {
  /** By the id of the delivery's span. A Map keeps the order in which they came. */
  const deliveries = new Map<string, Delivery>();
  /** The span of the last delivery, by consumer and event. */
  const lastOf = new Map<string, string>();

  const deliveryOf = (spanId: string): Delivery => {
    const known = deliveries.get(spanId);
    if (known !== undefined) return known;
    const delivery: Delivery = { steps: [], whole: undefined };
    deliveries.set(spanId, delivery);
    if (deliveries.size > deliveriesMax) forgetOldest();
    return delivery;
  };

  const forgetOldest = (): void => {
    for (const [spanId, { whole }] of deliveries) {
      deliveries.delete(spanId);
      const eventId = whole?.attributes.get(EVENT_ID);
      if (eventId !== undefined && lastOf.get(eventId) === spanId) lastOf.delete(eventId);
      return;
    }
  };

  const addOne = (span: ReceivedSpan): void => {
    const name = STEP_NAMES.find((known) => known === span.name);
    if (name !== undefined) {
      const { steps } = deliveryOf(span.parentSpanId);
      if (steps.length < STEPS_MAX) steps.push(toStep(name, span));
      return;
    }
    const eventId = span.attributes.get(EVENT_ID);
    if (eventId === undefined || !isOfInput(span)) return;
    deliveryOf(span.spanId).whole = span;
    const last = deliveries.get(lastOf.get(eventId) ?? '');
    if ((last?.whole?.startedAtMs ?? 0) <= span.startedAtMs) lastOf.set(eventId, span.spanId);
  };

  return {
    add: (spans) => {
      for (const span of spans) addOne(span);
    },
    stepsOf: (eventId) => {
      const delivery = deliveries.get(lastOf.get(eventId) ?? '');
      if (delivery?.whole === undefined) return undefined;
      const { traceId, startedAtMs, tookMs, attributes } = delivery.whole;
      return {
        traceId,
        startedAtMs,
        tookMs,
        attempt: numberOf(attributes, 'messaging.gcp_pubsub.message.delivery_attempt'),
        outcome: wordOf(attributes, 'tally.outcome'),
        steps: delivery.steps.toSorted((a, b) => a.startedAtMs - b.startedAtMs),
      };
    },
  };
};

const EVENT_ID = 'tally.event_id';

/** The stream lists messages of the input topics. Their dead letters have deliveries of their own. */
const isOfInput = ({ name }: ReceivedSpan): boolean => /^process (?!dlq_)/.test(name);

const toStep = (name: StepName, { startedAtMs, tookMs, error, attributes }: ReceivedSpan): Step => ({
  name,
  startedAtMs,
  tookMs,
  error,
  note: NOTE[name](attributes),
});

const NOTE: Readonly<Record<StepName, (attributes: ReadonlyMap<string, string>) => string>> = {
  record: () => 'ledger',
  read: () => 'ledger',
  fold: (attributes) => `${numberOf(attributes, 'tally.entries')} entries`,
  show: () => 'row',
  tell: (attributes) => wordOf(attributes, 'tally.reason'),
  ack: (attributes) => wordOf(attributes, 'tally.answer'),
};

/** Any process of this machine can send spans. So a text is shown only if it is a word of Tally's (I8). */
const wordOf = (attributes: ReadonlyMap<string, string>, name: string): string => {
  const text = attributes.get(name) ?? '';
  return /^[a-z_,]{0,100}$/.test(text) ? text : '';
};

const numberOf = (attributes: ReadonlyMap<string, string>, name: string): number => {
  const text = attributes.get(name) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
};
