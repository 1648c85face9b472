import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { recordOnly } from '../support/audit/acceptAll.ts';
import { startLosing } from '../support/commands/startLosing.ts';
import { useMemorySystem } from '../support/commands/useMemorySystem.ts';
import { orderEntry } from '../support/messages/entries.ts';

describe('tally heal', () => {
  const system = useMemorySystem();
  beforeEach(() => recordOnly(system.store, orderEntry(1), orderEntry(2, { orderId: 2n })));

  it('that Ctrl-C stops says so, also when an order before was unknown', async () => {
    const healed = system.run(['heal', '888', '1', '2', '--yes']);
    // The signal comes with the first line, and is heard while the next order is folded.
    vi.mocked(console.log).mockImplementation(() => process.emit('SIGINT'));

    await expect(healed).rejects.toMatchObject({ name: 'InterruptedError' });
    expect(system.printed()).toMatch(/^Order 888 is unknown.*\nOrder 1: [^\n]*$/);
  });

  it('that fails half-way says how far it came, in the history too', async () => {
    // An order is read to be folded, and again to see what is left.
    const losing = await startLosing(system.url, { method: 'findOrderRecord', nth: 3 });

    const healed = system.run(['heal', '1', '2', '--yes'], losing.url);

    await expect(healed).rejects.toThrow('1 order folded again, then it stopped');
    losing.stop();
    expect(await system.run(['dlq', 'history'])).toMatch(/failed: 1 order folded again, then the store did/);
  });

  it('of an unknown order fails, and heals the others', async () => {
    await expect(system.run(['heal', '888', '2', '--yes'])).rejects.toThrow('no table knows order 888');

    expect(system.printed()).toMatch(/^Order 888 is unknown.*\nOrder 2: /);
  });

  it('fails where an order stays broken, and says what is still broken', async () => {
    const { order } = orderEntry(3, { orderId: 3n });
    await system.store.showOrder({
      orderId: 3n,
      order: { order, writeTime: 10_800_000_000n },
      payment: undefined,
      blanks: undefined,
    });

    await expect(system.run(['heal', '3', '1', '--yes'])).rejects.toThrow('still broken: 1 order: 3.');

    expect(system.printed()).toBe(
      'Order 3: still broken: order 3 is in no event of the ledger\nOrder 1: nothing was missing',
    );
  });

  it('of an audit that could not look says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-heal-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'audit.json');
    await writeFile(path, '\n');

    await expect(system.run(['heal', '--audit', path, '--yes'])).rejects.toMatchObject({
      name: 'UnableError',
      cause: { message: 'it is empty, because the audit could not look. Its error says why' },
    });
  });

  it('of an audit that names a foreign id heals the others, and fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tally-heal-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'audit.json');
    const details = [{ order_id: '-5' }, { order_id: '2' }, { order_id: null }];
    await writeFile(path, JSON.stringify({ violation_details: details, suspected_details: [] }));

    await expect(system.run(['heal', '--audit', path, '--yes'])).rejects.toThrow(
      'still broken: 1 order: -5.',
    );

    expect(system.printed()).toBe(
      'Order -5: somebody else wrote its row, because no order of Tally has such an id\n' +
        'Order 2: nothing was missing',
    );
  });
});
