import { describe, expect, it } from 'vitest';
import { createWorkload } from '../../../functions/simulate/createWorkload.ts';
import { estimateRun } from '../../../functions/simulate/estimateRun.ts';
import { parseRequest } from '../../../functions/simulate/parseRequest.ts';

const parse = (request: object) => parseRequest('POST', Buffer.from(JSON.stringify(request)), () => 7);

describe('the estimate of a run', () => {
  it.each([
    { preset: 'shop', orders: 1_000 },
    { preset: 'shop', orders: 3_000, missing: 0.1, unpaid: 0.2, duplicates: 0.3, malformed: 0.2 },
    { preset: 'shop', orders: 3_000, versions: 0.3, versionsPerOrder: 4, doublePaid: 0.1, statusMoves: 0.2 },
    { preset: 'shop', versions: 1, versionsPerOrder: 10, duplicates: 1 },
    { preset: 'shop', refunds: 0.5, giftCards: 0.5, duplicates: 1 },
    { preset: 'shop', orders: 3_000, doublePaid: 0.5, refunds: 0.5, duplicates: 0.5 },
    { preset: 'reference' },
    { preset: 'reference', doublePaid: 1 },
    { preset: 'reference', doublePaid: 0.5, refunds: 0.8 },
    { preset: 'reference', scenario: 'C', versions: 0.5, refunds: 0.5 },
  ])('is within 6 %% of what is published: $preset, %#', async (fields) => {
    const request = parse(fields);
    let messages = 0;
    const workload = await createWorkload(request, 0);
    for (const slot of workload.slots()) messages += slot.messages.length;

    expect(Math.abs(estimateRun(request).messages / messages - 1)).toBeLessThan(0.06);
  });

  it('says how long it takes, and 0 for as fast as possible', () => {
    const { messages, seconds } = estimateRun(parse({ preset: 'shop', orders: 1_000, ratePerSecond: 200 }));

    expect(seconds).toBeCloseTo(messages / 200);
    expect(estimateRun(parse({ preset: 'shop' })).seconds).toBe(0);
    expect(estimateRun(parse({ preset: 'reference', timeScale: 100 })).seconds).toBeCloseTo(4.99);
  });
});
