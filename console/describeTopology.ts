import { DEAD_LETTER_TOPIC, FUNCTIONS, INPUT_TOPICS, SUBSCRIPTIONS, TOPICS } from '../shared/topology.ts';
import type { Topology } from './contract.ts';

/** The tables that a function writes. Those of an operator's actions are no part of the flow. */
const LEDGER = 'ledger_by_order';
const FACTS = 'orders_payments_facts';
const DEAD_LETTERS = 'dead_letters';

/** What the flow map is drawn from. */
export const describeTopology = (): Topology => ({
  topics: TOPICS.map((name) => ({
    name,
    kind: INPUT_TOPICS.some((input) => input === name) ? 'input' : 'deadLetter',
  })),
  subscriptions: SUBSCRIPTIONS.map(({ name, topic, origin, consumer, retentionSeconds }) => ({
    name,
    topic,
    consumer,
    deadLetterTopic: topic === origin ? DEAD_LETTER_TOPIC[origin] : null,
    retentionSeconds,
  })),
  functions: FUNCTIONS,
  tables: [LEDGER, FACTS, DEAD_LETTERS],
  writes: CONSUMERS.flatMap((from) => tablesOf(from).map((to) => ({ from, to }))),
});

const CONSUMERS = [...new Set(SUBSCRIPTIONS.map(({ consumer }) => consumer))];

const tablesOf = (consumer: string): readonly string[] =>
  SUBSCRIPTIONS.some((one) => one.consumer === consumer && one.topic === one.origin)
    ? [LEDGER, FACTS]
    : [DEAD_LETTERS];
