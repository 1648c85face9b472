import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { toJsonLine } from '../../cli/toJsonLine.ts';
import { orderBytes } from '../../proof/referenceMessages.ts';
import { acceptAll, recordOnly } from '../support/audit/acceptAll.ts';
import { invalidLetter } from '../support/commands/invalidLetter.ts';
import { startMemorySystem } from '../support/commands/memorySystem.ts';
import { decisionEntry, orderEntry, paymentEntry } from '../support/messages/entries.ts';

const CLI_FOLDER = join(import.meta.dirname, '../../cli');

/** They write a file of this machine, and bodies of requests to others. */
const NO_OUTPUT = ['countKept.ts', 'runFile.ts', 'simulate.ts'];

/** Under these names stand maps. Their keys are reasons, topics and attributes. */
const MAPS = ['attributes', 'groups', 'messages', 'refused'];

/** The names in an answer that are not in snake_case, and the times that are numbers. */
const faultsIn = (value: unknown, path = ''): readonly string[] => {
  if (typeof value === 'number') return value > 1e11 ? [`${path} = ${value}`] : [];
  if (typeof value !== 'object' || value === null) return [];
  const isMap = MAPS.includes(path.split('.').at(-1) ?? '');
  return Object.entries(value).flatMap(([name, part]) => [
    ...(Array.isArray(value) || isMap || /^[a-z][a-z0-9_]*$/.test(name) ? [] : [`${path}.${name}`]),
    ...faultsIn(part, `${path}.${name}`),
  ]);
};

describe('a line of JSON', () => {
  it.each<[string, object]>([
    [
      '{"order_id":"17","payload_sha256":"ff","is_sent":true}',
      { orderId: 17n, payload_sha256: 'ff', isSent: true },
    ],
    ['{"found":[{"dead_letters":[{"told_by":"a"}]}]}', { found: [{ deadLetters: [{ toldBy: 'a' }] }] }],
    ['{"left":null,"after":null,"ids":[null,"2"]}', { left: undefined, after: null, ids: [undefined, 2n] }],
    ['{"since":"1970-01-01T00:00:00.000Z"}', { since: new Date(0) }],
    ['{"refused":{"Its topic":{"sent_at":"1"}}}', { refused: new Map([['Its topic', { sentAt: 1n }]]) }],
  ])('has names in snake_case, whatever they are in the code: %s', (line, value) => {
    expect(toJsonLine(value)).toBe(line);
  });

  it('is made in one place', () => {
    const files = globSync('**/*.ts', { cwd: CLI_FOLDER }).filter((file) =>
      readFileSync(join(CLI_FOLDER, file), 'utf8').includes('JSON.stringify('),
    );

    expect(files.toSorted()).toEqual([...NO_OUTPUT, 'toJsonLine.ts'].toSorted());
  });
});

describe('what commands print with --json', () => {
  let system: Awaited<ReturnType<typeof startMemorySystem>>;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-test-'));
    await writeFile(join(folder, 'order.json'), orderBytes());
    system = await startMemorySystem();
    const { store } = system;
    await acceptAll(
      store,
      orderEntry(1),
      paymentEntry(2, { paymentId: 1n }),
      paymentEntry(3, { paymentId: 2n }),
    );
    await acceptAll(store, paymentEntry(4, { orderId: 7n, paymentId: 7n }));
    // Nobody has shown this one, or told of its two payments.
    await recordOnly(store, ...[5, 6].map((n) => paymentEntry(n, { orderId: 8n, paymentId: BigInt(n) })));
    await recordOnly(store, orderEntry(7, { orderId: 8n }), decisionEntry(8, { orderId: 8n }));
    for (const number of [1, 2]) await store.recordDeadLetter(invalidLetter(number));
    await store.recordDeadLetter(invalidLetter(3, { payloadSha256: 'f'.repeat(64) }));
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await system.stop();
    await rm(folder, { recursive: true });
  });

  it.each([
    ['order 1', 'order 8', 'order 17'],
    ['audit --settled --patience-seconds 0', 'findings', 'parked', 'findings resolve 1 --because x --yes'],
    ['heal 1 7 8 --yes', 'dlq history'],
    ['erase --order 1 --because x --yes', 'erase --customer 4711 --because x --yes', 'order 1'],
    ['dlq ls --order 8 --order 1', 'dlq ls --since 31d', 'dlq redrive --dry-run', 'dlq redrive --yes'],
    ['dlq show LETTER', 'dlq edit LETTER --file FILE --yes', 'dlq show LETTER', 'order 1'],
    ['dlq discard LETTER --because x --yes', 'dlq history', 'publish order FILE', 'replay --since 1h --yes'],
  ])('is in snake_case, and has no time that is a number: %s, %s, …', async (...commands) => {
    const says = vi.spyOn(console, 'error').mockReturnValue();
    const writes = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { id } = invalidLetter(1);
    for (const command of commands) {
      const words = command.replaceAll('LETTER', id).replaceAll('FILE', join(folder, 'order.json'));

      const printed = await system.run([...words.split(' '), '--json']).catch(() => undefined);

      const lines = (printed ?? system.printed()).split('\n').filter((line) => line !== '');
      const faults = lines.flatMap((line) => faultsIn(JSON.parse(line)));
      expect([command, lines.length > 0, faults]).toEqual([command, true, []]);
    }
    const said = [...says.mock.calls, ...writes.mock.calls].flat().map(String);
    const lines = said.filter((line) => line.startsWith('{'));
    expect(lines.flatMap((line) => faultsIn(JSON.parse(line)))).toEqual([]);
  });
});
