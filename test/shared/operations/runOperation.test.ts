import { describe, expect, it } from 'vitest';
import { BECAUSE_BYTES_MAX, HalfDoneError, runOperation } from '../../../shared/operations/runOperation.ts';
import type { Operation } from '../../../shared/store/operationsStore.ts';

const REQUEST = { action: 'dlq discard', operator: 'ann', filter: 'all', because: 'a drill' };

const setUp = (failAt?: number) => {
  const rows: Operation[] = [];
  let nowMs = 100;
  const recordOperation = async (row: Operation): Promise<void> => {
    if (rows.length === failAt) throw new Error('the store is away');
    rows.push(row);
  };
  const clock = (): number => (nowMs += 5);
  return { rows, deps: { store: { recordOperation }, clock } };
};

describe('an operation', () => {
  it('is there before its work begins, and has its end and its result after it', async () => {
    const { rows, deps } = setUp();
    let seen: readonly Operation[] = [];

    const result = await runOperation(deps, REQUEST, async (operation) => {
      seen = [...rows];
      return { summary: '3 discarded', of: operation.operationId };
    });

    const running = { ...REQUEST, operationId: result.of, startedAtMs: 105 };
    expect(seen).toEqual([{ ...running, endedAtMs: undefined, result: undefined }]);
    expect(rows.slice(1)).toEqual([{ ...running, endedAtMs: 110, result: '3 discarded' }]);
  });

  it.each([
    ['an error', new Error('no answer'), 'failed: no answer'],
    ['anything else', 'a text', 'failed: unknown'],
  ])('that failed with %s says so, and passes it on', async (_what, fault, result) => {
    const { rows, deps } = setUp();

    await expect(runOperation(deps, REQUEST, () => Promise.reject(fault))).rejects.toBe(fault);

    expect(rows[1]).toMatchObject({ endedAtMs: 110, result });
  });

  it('that failed half-way says what is done, and passes the error on as the cause', async () => {
    const { rows, deps } = setUp();
    const saySoFar = () => '3 discarded';
    const fault = new Error('no answer');

    const half = runOperation({ ...deps, saySoFar }, REQUEST, () => Promise.reject(fault));

    await expect(half).rejects.toEqual(new HalfDoneError('3 discarded', fault));
    expect(rows[1]).toMatchObject({ result: 'failed: 3 discarded, then no answer' });
  });

  it('that failed, and whose end cannot be written, reports its own error', async () => {
    const { rows, deps } = setUp(1);
    const fault = new Error('no answer');

    await expect(runOperation(deps, REQUEST, () => Promise.reject(fault))).rejects.toBe(fault);

    expect(rows).toHaveLength(1);
  });

  it('whose end cannot be written is done, and says so', async () => {
    const { rows, deps } = setUp(1);
    const unclosed: unknown[] = [];
    const onUnclosed = (error: unknown) => void unclosed.push(error);

    const told = await runOperation({ ...deps, onUnclosed }, REQUEST, async () => ({
      summary: '3 discarded',
    }));
    const untold = runOperation(setUp(1).deps, REQUEST, async () => ({ summary: '4 discarded' }));

    expect([told, await untold]).toEqual([{ summary: '3 discarded' }, { summary: '4 discarded' }]);
    expect(unclosed).toEqual([new Error('the store is away')]);
    expect(rows).toMatchObject([{ result: undefined }]);
  });

  it('does no work that nobody could see', async () => {
    const { deps } = setUp(0);
    let isDone = false;

    const work = async () => ({ summary: String((isDone = true)) });

    await expect(runOperation(deps, REQUEST, work)).rejects.toThrow('the store is away');
    expect(isDone).toBe(false);
  });

  it('keeps no card number, and as many words as there is room for', async () => {
    const { rows, deps } = setUp();
    const card = '4111 1111 1111 1111';
    const request = {
      action: 'dlq edit',
      operator: card,
      filter: card,
      because: `${card} ${'x'.repeat(600)}`,
    };

    await runOperation(deps, request, async () => ({ summary: card }));

    expect(JSON.stringify(rows)).not.toContain('1111 1111');
    expect(rows[0]?.because.length).toBeLessThanOrEqual(BECAUSE_BYTES_MAX);
    expect(rows[0]?.because).toContain('xxx');
  });
});
