import { createRandom, type Random } from '../../functions/simulate/random.ts';
import type { ConsumeKind } from '../../local/consumeKinds.ts';
import type { TallyFunction } from '../../shared/topology.ts';
import { ACK_DEADLINE_SECONDS } from '../../shared/deadlines.ts';

export const NODES = ['node1', 'node2', 'node3'] as const;
export type NodeName = (typeof NODES)[number];
/** A process that is no node: a function, or the worker in place of three of them. */
export type ProcessName = TallyFunction | 'worker';
export type Victim = NodeName | ProcessName;

/**
 * `kill` is a SIGKILL, and later a start on the same data and port. `freeze` is a SIGSTOP, and later a
 * SIGCONT.
 */
export type Blow = 'kill' | 'freeze';

/** The blows of one moment. All of them are mended together. */
export interface Fault {
  /** Seconds after the traffic began. */
  readonly atSeconds: number;
  /** Seconds until it is mended. A part that was killed takes longer, because it has to start. */
  readonly forSeconds: number;
  readonly blows: readonly (readonly [Victim, Blow])[];
}

/** Two independent tracks. Within a track, a fault begins only when the one before it is mended. */
interface Schedule {
  readonly nodes: readonly Fault[];
  readonly processes: readonly Fault[];
}

interface Range {
  readonly min: number;
  readonly max: number;
}
/** Whole seconds. A round of each track fits into three minutes. */
const NODE = { gap: { min: 3, max: 10 }, one: { min: 6, max: 20 }, two: { min: 8, max: 20 } };
const FUNCTION = {
  gap: { min: 1, max: 4 },
  kill: { min: 1, max: 4 },
  freeze: { min: 3, max: 12 },
  /**
   * The pushes that it holds pass their ack deadline. They come again, and after the thaw they are handled
   * twice.
   */
  freezePastDeadline: { min: ACK_DEADLINE_SECONDS + 2, max: ACK_DEADLINE_SECONDS + 10 },
};
/** The time that a plan allows for a start after a kill. The run itself waits until the part is up. */
const START_SECONDS = { node: 20, function: 2 };

type Card = (random: Random) => Omit<Fault, 'atSeconds'>;

interface Plan {
  readonly seed: number;
  readonly minutes: number;
  readonly consume: ConsumeKind;
}

/** Half of the seeds push, and half pull. */
export const consumeOf = (seed: number): ConsumeKind => (seed % 2 === 0 ? 'push' : 'pull');

/** The processes that handle messages. */
export const CONSUMERS = { push: ['onOrder', 'onPayment', 'onDlq'], pull: ['worker'] } as const;

/** The processes that run beside the nodes. */
export const processesOf = (consume: ConsumeKind): readonly ProcessName[] => [
  ...CONSUMERS[consume],
  'simulate',
];

/** Each kind of fault comes once before any comes again. The seed draws the order and the durations. */
export const planSchedule = ({ seed, minutes, consume }: Plan): Schedule => {
  const random = createRandom(seed, 'plan');
  const seconds = minutes * 60;
  return {
    nodes: deal(NODE_CARDS, { gap: NODE.gap, startSeconds: START_SECONDS.node, seconds, random }),
    processes: deal(processCards(consume), {
      gap: FUNCTION.gap,
      startSeconds: START_SECONDS.function,
      seconds,
      random,
    }),
  };
};

const NODE_CARDS: readonly Card[] = [
  (random) => ({ forSeconds: draw(NODE.one, random), blows: [[random.pick(NODES), 'kill']] }),
  (random) => ({ forSeconds: draw(NODE.one, random), blows: [[random.pick(NODES), 'freeze']] }),
  // Two of three: no quorum is left.
  (random) => ({
    forSeconds: draw(NODE.two, random),
    blows: shuffle(NODES, random)
      .slice(0, 2)
      .map((node) => [node, random.pick(['kill', 'freeze'])] as const),
  }),
];

const processCards = (consume: ConsumeKind): readonly Card[] => [
  ...processesOf(consume).flatMap((name): Card[] => [
    (random) => ({ forSeconds: draw(FUNCTION.kill, random), blows: [[name, 'kill']] }),
    (random) => ({ forSeconds: draw(FUNCTION.freeze, random), blows: [[name, 'freeze']] }),
  ]),
  (random) => ({
    forSeconds: draw(FUNCTION.freezePastDeadline, random),
    blows: [[random.pick<ProcessName>(CONSUMERS[consume]), 'freeze']],
  }),
];

interface Dealing {
  readonly gap: Range;
  readonly startSeconds: number;
  /** Every fault is mended by then, if the starts take as long as planned. */
  readonly seconds: number;
  readonly random: Random;
}

const deal = (cards: readonly Card[], { gap, startSeconds, seconds, random }: Dealing): Fault[] => {
  const faults: Fault[] = [];
  let now = 0;
  for (;;) {
    const before = faults.length;
    for (const card of shuffle(cards, random)) {
      const atSeconds = now + draw(gap, random);
      const fault = { atSeconds, ...card(random) };
      const isKill = fault.blows.some(([, blow]) => blow === 'kill');
      const endSeconds = atSeconds + fault.forSeconds + (isKill ? startSeconds : 0);
      if (endSeconds > seconds) continue;
      faults.push(fault);
      now = endSeconds;
    }
    // No fault of a whole round fitted into the rest of the time.
    if (faults.length === before) return faults;
  }
};

const draw = ({ min, max }: Range, random: Random): number => random.integer(min, max);

/** The shuffle of Fisher and Yates. */
const shuffle = <T>(items: readonly T[], random: Random): T[] => {
  const left = [...items];
  return items.flatMap(() => left.splice(random.integer(0, left.length - 1), 1));
};

/** `node1 and node3 frozen`, or `node1 killed, node3 frozen`. */
export const describeFault = ({ blows }: Fault): string =>
  (['kill', 'freeze'] as const)
    .map((blow) => ({ blow, victims: blows.filter(([, other]) => other === blow).map(([name]) => name) }))
    .filter(({ victims }) => victims.length > 0)
    .map(({ blow, victims }) => `${victims.join(' and ')} ${blow === 'kill' ? 'killed' : 'frozen'}`)
    .join(', ');

/** `mm:ss`, also above an hour: 3,661 s is `61:01`. */
export const clockTime = (seconds: number): string =>
  [Math.floor(seconds / 60), Math.floor(seconds % 60)].map((part) => String(part).padStart(2, '0')).join(':');

/** Both tracks in one list, for a person. */
export const formatSchedule = ({ nodes, processes }: Schedule): string =>
  [...nodes, ...processes]
    .toSorted((a, b) => a.atSeconds - b.atSeconds)
    .map((fault) => `  ${clockTime(fault.atSeconds)}  ${describeFault(fault)}, for ${fault.forSeconds} s`)
    .join('\n');
