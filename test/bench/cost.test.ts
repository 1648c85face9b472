import { describe, expect, it } from 'vitest';
import { costPerMillion, costPerMonth, type EventCost, workerIsCheaperFrom } from '../../bench/cost.ts';

const event: EventCost = {
  pushCpuSeconds: 0.000_2,
  pullCpuSeconds: 0.000_1,
  messageBytes: 400,
  deadLetterBytes: 600,
};
/** What the topics keep for seven days of a month: each message with what Pub/Sub adds to it. */
const STORAGE = ((440 * 1e6) / 2 ** 30) * 0.27 * (7 / 30);
const STEADY = { perSecond: 10_000, early: 0 };

describe('the cost of a million events', () => {
  it('by push is the fee of a million requests, their volume, and the time of instances', () => {
    const pubsub = ((440 + 1_000) * 1e6 * 40) / 2 ** 40;
    const compute = (1e6 * 0.000_2 * (0.000_024 + 0.000_002_5)) / 0.6;

    expect(costPerMillion('push, billed for requests', event, STEADY)).toBeCloseTo(
      0.4 + pubsub + STORAGE + compute,
      6,
    );
  });

  it('by the worker has no fee, and no least size of a delivery', () => {
    const pubsub = (2 * 440 * 1e6 * 40) / 2 ** 40;
    const compute = (1e6 * 0.000_1 * (0.000_018 + 0.000_002)) / 0.6;

    expect(costPerMillion('worker', event, STEADY)).toBeCloseTo(pubsub + STORAGE + compute, 6);
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

  it('has the dead letters of early payments among what the topics keep', () => {
    const early = { perSecond: 10_000, early: 1 };
    const nacked = 'rejected: early payments are nacked, ten times each';
    const deadLetters = ((0.5 * 640 * 1e6) / 2 ** 30) * 0.27 * (7 / 30);
    const published = (0.5 * 1_000 * 1e6 * 40) / 2 ** 40;
    const deliveries = (0.5 * 1_000 * 1e6 * 40) / 2 ** 40 + 0.5 * 0.4 + (0.5 * 200 * 0.000_026_5) / 0.6;

    expect(costPerMillion('push, billed for requests', event, early)).toBeCloseTo(
      costPerMillion('push, billed for requests', event, STEADY) + deadLetters + published + deliveries,
      6,
    );
    expect(costPerMillion(nacked, event, early)).toBeCloseTo(
      costPerMillion(nacked, event, STEADY) + 10 * deliveries,
      6,
    );
  });

  it('is the same for push and the worker at the rate from which the worker is cheaper', () => {
    const perSecond = workerIsCheaperFrom(event, 0);
    const at = (design: 'push, billed for requests' | 'worker', factor: number): number =>
      costPerMillion(design, event, { perSecond: factor * perSecond, early: 0 });

    expect(at('worker', 1)).toBeCloseTo(at('push, billed for requests', 1), 6);
    expect(at('worker', 0.5)).toBeGreaterThan(at('push, billed for requests', 0.5));
    expect(at('worker', 2)).toBeLessThan(at('push, billed for requests', 2));
  });

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
