import { describe, expect, it } from 'vitest';
import { createQuorumWatch } from '../../../proof/chaos/quorumWatch.ts';
import type { Fault } from '../../../proof/chaos/schedule.ts';

const faultOf = (...blows: Fault['blows']): Fault => ({ atSeconds: 0, forSeconds: 1, blows });
const TWO = faultOf(['node1', 'kill'], ['node2', 'freeze']);
const WORKER = faultOf(['worker', 'kill']);

const setUp = () => {
  const told: boolean[] = [];
  return { told, watch: createQuorumWatch('pull', { setQuorum: (isThere) => told.push(isThere) }) };
};

describe('the quorum', () => {
  it('is lost with two nodes, and may be back as soon as they are mended', () => {
    const { told, watch } = setUp();

    watch.onNodes('struck', faultOf(['node1', 'kill']));
    watch.onNodes('mending', faultOf(['node1', 'kill']));
    for (const phase of ['struck', 'mending', 'mended'] as const) watch.onNodes(phase, TWO);

    expect(told).toEqual([false, true]);
    expect(watch.losses()).toBe(1);
  });

  it('counts as lost when the worker runs, and not before it has started again', () => {
    const { watch } = setUp();

    watch.onProcesses('struck', WORKER);
    watch.onProcesses('mending', WORKER);
    watch.onNodes('struck', TWO);
    const whileItStarts = watch.losses();
    watch.onProcesses('mended', WORKER);
    watch.onNodes('struck', TWO);

    expect([whileItStarts, watch.losses()]).toEqual([0, 1]);
  });
});
