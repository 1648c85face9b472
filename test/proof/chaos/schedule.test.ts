import { describe, expect, it } from 'vitest';
import { CONSUME_KINDS } from '../../../local/consumeKinds.ts';
import {
  consumeOf,
  describeFault,
  type Fault,
  formatSchedule,
  NODES,
  planSchedule,
  processesOf,
} from '../../../proof/chaos/schedule.ts';

const SEEDS = Array.from({ length: 200 }, (_, seed) => seed);
const victimsOf = (faults: readonly Fault[]) => faults.map(({ blows }) => blows.map(([victim]) => victim));

describe('a schedule of faults', () => {
  it('is the same for the same seed, and another one for another seed', () => {
    const plan = (seed: number) => formatSchedule(planSchedule({ seed, minutes: 3, consume: 'push' }));

    expect(plan(7)).toBe(plan(7));
    expect(plan(8)).not.toBe(plan(7));
  });

  it('begins a fault of a track only when the fault before it is mended', () => {
    for (const seed of SEEDS) {
      const { nodes, processes } = planSchedule({ seed, minutes: 10, consume: 'push' });
      for (const track of [nodes, processes]) {
        for (const [index, fault] of track.slice(1).entries()) {
          const before = track[index];
          expect(fault.atSeconds).toBeGreaterThan((before?.atSeconds ?? 0) + (before?.forSeconds ?? 0));
        }
      }
    }
  });

  it('takes one node at a time, or two different ones, and always leaves one', () => {
    for (const seed of SEEDS) {
      for (const victims of victimsOf(planSchedule({ seed, minutes: 3, consume: 'push' }).nodes)) {
        expect([1, 2]).toContain(new Set(victims).size);
        expect(NODES).toEqual(expect.arrayContaining(victims));
      }
    }
  });

  it('of three minutes kills a node, freezes one, and takes the quorum away, with every seed', () => {
    for (const seed of SEEDS) {
      const kinds = planSchedule({ seed, minutes: 3, consume: 'push' }).nodes.map(({ blows }) =>
        blows.length === 2 ? 'two' : blows[0]?.[1],
      );

      expect(kinds).toEqual(expect.arrayContaining(['kill', 'freeze', 'two']));
    }
  });

  it.each(CONSUME_KINDS)(
    'of three minutes kills and freezes every process of a %s, one that consumes past the ack deadline',
    (consume) => {
      for (const seed of SEEDS) {
        const { processes } = planSchedule({ seed, minutes: 3, consume });

        expect(new Set(processes.map(describeFault))).toEqual(
          new Set(processesOf(consume).flatMap((name) => [`${name} killed`, `${name} frozen`])),
        );
        const [longest] = processes.toSorted((a, b) => b.forSeconds - a.forSeconds);
        expect(longest?.forSeconds).toBeGreaterThan(60);
        expect(longest?.blows[0]?.[0]).not.toBe('simulate');
      }
    },
  );

  it('strikes three consumers that are pushed to, or one worker that pulls', () => {
    expect(processesOf('push')).toEqual(['onOrder', 'onPayment', 'onDlq', 'simulate']);
    expect(processesOf('pull')).toEqual(['worker', 'simulate']);
  });

  it('is that of a push in half of all runs, by the seed', () => {
    const pushes = SEEDS.filter((seed) => consumeOf(seed) === 'push');

    expect(pushes).toHaveLength(SEEDS.length / 2);
  });

  it.each(CONSUME_KINDS)(
    'of a %s ends within its minutes, and has a fault even in half a minute',
    (consume) => {
      for (const seed of SEEDS) {
        const { nodes, processes } = planSchedule({ seed, minutes: 0.5, consume });
        const ends = [...nodes, ...processes].map(({ atSeconds, forSeconds }) => atSeconds + forSeconds);

        expect(ends.length).toBeGreaterThan(0);
        expect(Math.max(...ends)).toBeLessThanOrEqual(30);
      }
    },
  );

  it('is described in words', () => {
    const fault = (blows: Fault['blows']): Fault => ({ atSeconds: 75, forSeconds: 8, blows });
    const two = fault([
      ['node1', 'freeze'],
      ['node3', 'kill'],
    ]);
    const one = fault([['onDlq', 'kill']]);

    expect(formatSchedule({ nodes: [two], processes: [one] })).toBe(
      '  01:15  node3 killed, node1 frozen, for 8 s\n  01:15  onDlq killed, for 8 s',
    );
  });
});
