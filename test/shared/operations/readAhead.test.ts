import { describe, expect, it } from 'vitest';
import { readAhead } from '../../../shared/operations/readAhead.ts';

describe('reading ahead', () => {
  const counted = (count: number) => {
    const log: string[] = [];
    const items = async function* () {
      try {
        for (let item = 1; item <= count; item += 1) {
          log.push(`read ${item}`);
          yield item;
        }
      } finally {
        log.push('closed');
      }
    };
    return { log, items };
  };

  it('gives the same items in their order, and has asked for the next one before it gives one', async () => {
    const { log, items } = counted(3);

    for await (const item of readAhead(items())) {
      await Promise.resolve();
      log.push(`used ${item}`);
    }

    expect(log).toEqual(['read 1', 'read 2', 'used 1', 'read 3', 'used 2', 'closed', 'used 3']);
  });

  it('closes what it reads when nobody wants more', async () => {
    const { log, items } = counted(100);

    for await (const item of readAhead(items())) if (item === 2) break;

    expect(log).toEqual(['read 1', 'read 2', 'read 3', 'closed']);
  });

  it('passes a failure on after the items before it', async () => {
    const seen: number[] = [];
    const items = async function* () {
      yield 1;
      throw new Error('no answer');
    };

    const reading = async (): Promise<void> => {
      for await (const item of readAhead(items())) seen.push(item);
    };

    await expect(reading()).rejects.toThrow('no answer');
    expect(seen).toEqual([1]);
  });
});
