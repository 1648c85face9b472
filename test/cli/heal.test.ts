import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordOnly } from '../support/audit/acceptAll.ts';
import { startMemorySystem } from '../support/commands/memorySystem.ts';
import { orderEntry } from '../support/messages/entries.ts';

describe('tally heal', () => {
  let system: Awaited<ReturnType<typeof startMemorySystem>>;
  beforeEach(async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    system = await startMemorySystem();
    await recordOnly(system.store, orderEntry(1), orderEntry(2, { orderId: 2n }));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await system.stop();
  });

  it('that Ctrl-C stops says so, also when an order before was unknown', async () => {
    const healed = system.run(['heal', '888', '1', '2', '--yes']);
    // The signal comes with the first line, and is heard while the next order is folded.
    vi.mocked(console.log).mockImplementation(() => process.emit('SIGINT'));

    await expect(healed).rejects.toMatchObject({ name: 'InterruptedError' });
    expect(system.printed()).toMatch(/^Order 888 is unknown.*\nOrder 1: [^\n]*$/);
  });

  it('of an unknown order fails, and heals the others', async () => {
    await expect(system.run(['heal', '888', '2', '--yes'])).rejects.toThrow('no table knows order 888');

    expect(system.printed()).toMatch(/^Order 888 is unknown.*\nOrder 2: /);
  });
});
