import { describe, expect, it } from 'vitest';
import { costPerMillion, costPerMonth, type EventCost } from '../../bench/cost.ts';

const event: EventCost = {
  pushCpuSeconds: 0.000_2,
  pullCpuSeconds: 0.000_1,
  messageBytes: 400,
  deadLetterBytes: 600,
};
const STEADY = { perSecond: 10_000, early: 0 };

describe('the cost of a million events', () => {
  it('by push is the fee of a million requests, their volume, and the time of instances', () => {
    const pubsub = ((440 + 1_000) * 1e6 * 40) / 2 ** 40;
    const compute = (1e6 * 0.000_2 * (0.000_024 + 0.000_002_5)) / 0.6;

    expect(costPerMillion('push, billed for requests', event, STEADY)).toBeCloseTo(0.4 + pubsub + compute, 6);
  });

  it('by the worker has no fee, and no least size of a delivery', () => {
    const pubsub = (2 * 440 * 1e6 * 40) / 2 ** 40;
    const compute = (1e6 * 0.000_1 * (0.000_018 + 0.000_002)) / 0.6;

    expect(costPerMillion('worker', event, STEADY)).toBeCloseTo(pubsub + compute, 6);
  });

  it('at a low rate is that of an idle instance for the worker, and of single requests by push', () => {
    const slow = { perSecond: 1, early: 0 };

    expect(costPerMillion('worker', event, slow)).toBeGreaterThan(20);
    expect(costPerMillion('push, billed for requests', event, slow)).toBeLessThan(4);
  });

  it.each(['push, billed for requests', 'push, billed for instances', 'worker'] as const)(
    'grows with early payments: %s',
    (design) => {
      expect(costPerMillion(design, event, { ...STEADY, early: 0.5 })).toBeGreaterThan(
        costPerMillion(design, event, STEADY),
      );
    },
  );

  it('is higher for both designs that were rejected', () => {
    const load = { perSecond: 100, early: 0.5 };
    const chosen = costPerMillion('push, billed for requests', event, load);

    for (const design of [
      'rejected: one request at a time on an instance',
      'rejected: early payments are nacked, ten times each',
    ] as const) {
      expect(costPerMillion(design, event, load)).toBeGreaterThan(chosen);
    }
  });
});

it('a month has thirty days', () => {
  expect(costPerMonth(0.5, 100)).toBeCloseTo(0.5 * 259.2, 6);
});
