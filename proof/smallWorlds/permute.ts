import type { SmallWorld } from './smallWorld.ts';

/** A world in which each delivery ends before the next one begins. */
interface Sequence {
  /** The writes that the tables have, as bits. */
  readonly bits: number;
  /** All messages that were published, whether delivered or not. */
  readonly queue: readonly number[];
  /** How often each message of the queue was delivered. */
  readonly delivered: readonly number[];
}

interface Permutations {
  readonly sequences: number;
  readonly violations: readonly string[];
}

/**
 * Delivers the messages in every order and with every repeat, up to a number of deliveries. After each
 * sequence the messages that were not delivered yet are delivered once, and then the tables must be right.
 */
export const permute = async (world: SmallWorld, deliveriesMax: number): Promise<Permutations> => {
  const { messages } = world;
  let sequences = 0;
  const violations = new Set<string>();

  const finish = async (sequence: Sequence): Promise<void> => {
    let rest = sequence;
    for (let place = rest.delivered.indexOf(0); place !== -1; place = rest.delivered.indexOf(0)) {
      rest = await deliver(world, rest, place);
    }
    sequences += 1;
    const acked = 2 ** messages.length - 1;
    const problem = world.judge({ acked, bits: rest.bits, published: rest.queue, isDone: true });
    if (problem !== undefined) violations.add(problem);
  };

  const goOn = async (sequence: Sequence, deliveries: number): Promise<void> => {
    await finish(sequence);
    if (deliveries === deliveriesMax) return;
    for (const place of sequence.queue.keys()) {
      await goOn(await deliver(world, sequence, place), deliveries + 1);
    }
  };

  await goOn({ bits: 0, queue: messages, delivered: messages.map(() => 0) }, 0);
  return { sequences, violations: [...violations] };
};

const deliver = async ({ handlers }: SmallWorld, sequence: Sequence, place: number): Promise<Sequence> => {
  let { bits } = sequence;
  const queue = [...sequence.queue];
  const delivered = [...sequence.delivered];
  delivered[place] = (delivered[place] ?? 0) + 1;
  let node = await handlers.start(queue[place] ?? -1);
  for (;;) {
    const { calls, results, status } = handlers.nodeAt(node);
    if (status !== undefined) break;
    const call = results.indexOf(undefined);
    const asked = calls[call];
    if (asked === undefined) throw new Error('a handler has neither answered nor made a call');
    if (asked.kind === 'write') bits |= 1 << asked.write;
    if (asked.kind === 'publish') {
      queue.push(asked.message);
      delivered.push(0);
    }
    const answer = asked.kind === 'read' ? bits & handlers.relevantTo(asked.read) : 'done';
    node = await handlers.answer(node, call, answer);
  }
  return { bits, queue, delivered };
};
