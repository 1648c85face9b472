import type { ConsumeKind } from '../../local/consumeKinds.ts';
import type { Books } from './books.ts';
import { CONSUMERS, type Fault, type Victim } from './schedule.ts';
import type { Phase } from './strike.ts';

/** Tells the books when a quorum of nodes goes away, and counts how often a consumer ran when it did. */
export const createQuorumWatch = (consume: ConsumeKind, books: Pick<Books, 'setQuorum'>) => {
  const down = new Set<Victim>();
  let losses = 0;
  return {
    onNodes: (phase: Phase, { blows }: Fault): void => {
      if (blows.length === 1 || phase === 'mended') return;
      books.setQuorum(phase === 'mending');
      if (phase === 'struck' && CONSUMERS[consume].some((name) => !down.has(name))) losses += 1;
    },
    onProcesses: (phase: Phase, { blows }: Fault): void => {
      // What was killed handles nothing before it has started again.
      if (phase === 'mending') return;
      for (const [victim] of blows) down[phase === 'struck' ? 'add' : 'delete'](victim);
    },
    losses: (): number => losses,
  };
};
