import { describe, expect, it } from 'vitest';
import { explainTraffic } from '../../cli/explainTraffic.ts';
import { SCENARIOS } from '../../cli/scenarios.ts';
import { createReferenceWorkload } from '../../functions/simulate/createReferenceWorkload.ts';
import { parseRequest } from '../../functions/simulate/parseRequest.ts';
import { parseExpectation } from '../../shared/audit/expectation.ts';

const requestOf = (scenario: string) => {
  const body = Buffer.from(JSON.stringify({ preset: 'reference', scenario }));
  const request = parseRequest('POST', body, () => 7);
  if (request.preset !== 'reference') throw new Error('expected the reference');
  return request;
};

/** What a scenario really sends, counted: how often each order comes, and how many payments. */
const trafficOf = (scenario: string) => {
  const { slots, expected } = createReferenceWorkload(requestOf(scenario), 0);
  const times = new Map<number, number>();
  const sent = { orders: 0, payments: 0 };
  for (const { kind, data } of [...slots()].flatMap(({ messages }) => messages)) {
    const { order_id }: { order_id: number } = JSON.parse(Buffer.from(data).toString());
    if (kind === 'order') times.set(order_id, (times.get(order_id) ?? 0) + 1);
    sent[kind === 'order' ? 'orders' : 'payments'] += 1;
  }
  const lists = Object.entries(expected).map(([name, list]) => [name, [...list()]]);
  const answer = parseExpectation(JSON.stringify({ expected: Object.fromEntries(lists) }));
  return { sent, answer, times: [...new Set(times.values())].toSorted((a, b) => a - b) };
};

describe('why the demo sends more than it stores', () => {
  it('is said for scenario A, in two sentences', () => {
    const { sent, answer } = trafficOf('A');

    expect(explainTraffic(sent, answer).split('\n')).toEqual([
      '250 orders sent are 80: each comes 3 or 4 times, with a new customer and new contents. Its row shows the newest.',
      '500 payments are for 500 orders. The reference never sends 420 of these, so their payments stay parked.',
    ]);
  });

  it.for(SCENARIOS.filter((scenario) => scenario !== 'B'))('is what scenario %s really sends', (scenario) => {
    const { sent, answer, times } = trafficOf(scenario);

    expect(explainTraffic(sent, answer)).toContain(`each comes ${times.join(' or ')} times`);
  });

  it('says nothing about orders that come once, or about payments whose orders all come', () => {
    const { sent, answer } = trafficOf('B');

    expect(explainTraffic(sent, answer)).toMatch(/^500 payments are for 500 orders\./);
    expect(explainTraffic(sent, { ...answer, parked: [] })).toBe('');
  });
});
