import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createWorkload } from '../../../functions/simulate/createWorkload.ts';
import { parseRequest } from '../../../functions/simulate/parseRequest.ts';

describe('the shop workload', () => {
  it('holds no more in a long run than in a short one', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage: () => void = runInNewContext('gc');
    const heapAfterGc = (): number => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const request = {
      preset: 'shop',
      orders: 100_000,
      early: 0.5,
      missing: 0.1,
      unpaid: 0.1,
      duplicates: 0.1,
      doublePaid: 0.1,
      malformed: 0.1,
      versions: 0.1,
      occurredAt: true,
      statusMoves: 0.1,
      webhooks: 0.1,
    };
    const { slots } = await createWorkload(
      parseRequest('POST', Buffer.from(JSON.stringify(request)), () => 42),
      0,
    );

    const heaps: number[] = [];
    let count = 0;
    for (const { messages } of slots()) {
      count += messages[0].data.byteLength > 0 ? 1 : 0;
      if (count % 50_000 === 0) heaps.push(heapAfterGc());
    }

    const [first = 0, ...later] = heaps;
    expect(count).toBeGreaterThan(200_000);
    expect(Math.max(...later) - first).toBeLessThan(2_000_000);
  });
});
