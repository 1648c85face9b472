import { describe, expect, it } from 'vitest';
import { until } from '../../../proof/until.ts';
import type { Fault, Victim } from '../../../proof/chaos/schedule.ts';
import { strike } from '../../../proof/chaos/strike.ts';
import type { Target } from '../../../proof/chaos/target.ts';

/** Targets that note every blow and every mending. */
const setUp = () => {
  const done: string[] = [];
  const target = (name: Victim): Target => ({
    start: async () => {},
    strike: async (blow) => void done.push(`${blow} ${name}`),
    mend: async (blow) => void done.push(`mend ${name} after ${blow}`),
    end: async () => {},
  });
  const targets = {
    node1: target('node1'),
    node2: target('node2'),
    node3: target('node3'),
    onOrder: target('onOrder'),
    onPayment: target('onPayment'),
    onDlq: target('onDlq'),
    simulate: target('simulate'),
    worker: target('worker'),
  };
  const end = new AbortController();
  return {
    done,
    end,
    run: (faults: readonly Fault[]) =>
      strike(faults, {
        targets,
        now: () => 0,
        end: end.signal,
        onFault: () => {},
        onPhase: (phase) => void done.push(phase),
      }),
  };
};

const TWO: Fault = {
  atSeconds: 0,
  forSeconds: 0,
  blows: [
    ['node1', 'kill'],
    ['node3', 'freeze'],
  ],
};
const LATER: Fault = { atSeconds: 3600, forSeconds: 0, blows: [['onDlq', 'kill']] };
const LONG: Fault = { atSeconds: 0, forSeconds: 3600, blows: [['onDlq', 'freeze']] };

describe('a track of faults', () => {
  it('strikes all victims of a fault, reports it, and mends all of them', async () => {
    const { done, run } = setUp();

    const survived = await run([TWO]);

    expect(survived).toBe(1);
    expect(done).toEqual([
      'kill node1',
      'freeze node3',
      'struck',
      'mending',
      'mend node1 after kill',
      'mend node3 after freeze',
      'mended',
    ]);
  });

  it('mends the present fault at once when the run ends, and begins no other', async () => {
    const { done, end, run } = setUp();

    const running = run([LONG, LATER]);
    await until('the blow', () => done.includes('struck'));
    end.abort();

    expect(await running).toBe(1);
    expect(done).toEqual(['freeze onDlq', 'struck', 'mending', 'mend onDlq after freeze', 'mended']);
  });
});
