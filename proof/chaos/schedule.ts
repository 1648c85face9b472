import { createRandom, type Random } from '../../functions/simulate/random.ts';
import { FUNCTIONS, type TallyFunction } from '../../shared/topology.ts';
import { ACK_DEADLINE_SECONDS } from '../../shared/deadlines.ts';

export const NODES = ['node1', 'node2', 'node3'] as const;
export type NodeName = (typeof NODES)[number];
export type Victim = NodeName | TallyFunction;

/** SIGKILL, and later a start on the same data and port; or SIGSTOP, and later SIGCONT. */
export type Blow = 'kill' | 'freeze';

/** What goes wrong at one moment, all of it mended together. */
export interface Fault {
  /** After the traffic has begun. */
  readonly atSeconds: number;
  /** Until it is mended; what was killed then needs its time to start as well. */
  readonly forSeconds: number;
  readonly blows: readonly (readonly [Victim, Blow])[];
}

/** Two tracks that know nothing of each other; within each a fault begins only when the one before is mended. */
interface Schedule {
  readonly nodes: readonly Fault[];
  readonly functions: readonly Fault[];
}

interface Range {
  readonly min: number;
  readonly max: number;
}
/** In whole seconds, and short enough for a round of each track to fit into three minutes. */
const NODE = { gap: { min: 3, max: 10 }, one: { min: 6, max: 20 }, two: { min: 8, max: 20 } };
const FUNCTION = {
  gap: { min: 1, max: 4 },
  kill: { min: 1, max: 4 },
  freeze: { min: 3, max: 12 },
  /** Pushes that it holds outlast the ack deadline, come again, and are handled twice once it thaws. */
  freezePastDeadline: { min: ACK_DEADLINE_SECONDS + 2, max: ACK_DEADLINE_SECONDS + 10 },
};
/** What a plan reckons with for the start of a killed one; the run itself waits as long as it takes. */
const START_SECONDS = { node: 20, function: 2 };

type Card = (random: Random) => Omit<Fault, 'atSeconds'>;

/** A fault of each sort before any comes again, in an order and for durations that the seed draws. */
export const planSchedule = ({ seed, minutes }: { seed: number; minutes: number }): Schedule => {
  const random = createRandom(seed, 'plan');
  const seconds = minutes * 60;
  return {
    nodes: deal(NODE_CARDS, { gap: NODE.gap, startSeconds: START_SECONDS.node, seconds, random }),
    functions: deal(FUNCTION_CARDS, {
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

const FUNCTION_CARDS: readonly Card[] = [
  ...FUNCTIONS.flatMap((name): Card[] => [
    (random) => ({ forSeconds: draw(FUNCTION.kill, random), blows: [[name, 'kill']] }),
    (random) => ({ forSeconds: draw(FUNCTION.freeze, random), blows: [[name, 'freeze']] }),
  ]),
  (random) => ({
    forSeconds: draw(FUNCTION.freezePastDeadline, random),
    blows: [[random.pick(['onOrder', 'onPayment', 'onDlq']), 'freeze']],
  }),
];

interface Dealing {
  readonly gap: Range;
  readonly startSeconds: number;
  /** Everything is mended by then, if starts take as long as the plan reckons. */
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
    // Nothing of a whole round fits any more.
    if (faults.length === before) return faults;
  }
};

const draw = ({ min, max }: Range, random: Random): number => random.integer(min, max);

/** Fisher and Yates's. */
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

/** `mm:ss`; hours are counted in minutes. */
export const clockTime = (seconds: number): string =>
  [Math.floor(seconds / 60), Math.floor(seconds % 60)].map((part) => String(part).padStart(2, '0')).join(':');

/** Both tracks as a person reads them. */
export const formatSchedule = ({ nodes, functions }: Schedule): string =>
  [...nodes, ...functions]
    .toSorted((a, b) => a.atSeconds - b.atSeconds)
    .map((fault) => `  ${clockTime(fault.atSeconds)}  ${describeFault(fault)}, for ${fault.forSeconds} s`)
    .join('\n');
