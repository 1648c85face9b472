import { describe, expect, it } from 'vitest';
import { textOf } from './tree.ts';

const PAGE = 'docs/architecture.md';

/** A number of a row: the constant that it is, and how much of it is one of the row's unit. */
interface Limit {
  readonly file: string;
  /** The name of a constant, which need not be exported for this test. */
  readonly constant: string;
  readonly unit?: number;
  /** Another's limit, or a default that is no constant: its file is not in the third column. */
  readonly isAside?: boolean;
}

const KIB = 1024;
const SECOND = { file: 'shared/deadlines.ts', unit: 1_000 };
const MESSAGE = { file: 'shared/messaging/parseMessage.ts' };
const KEPT = { file: 'console/feed/keptMessages.ts' };
const PULL = { file: 'shared/messaging/startPulling.ts' };
const PUSH = { file: 'shared/messaging/pushBody.ts' };

/** What the numbers in the second cell of each row are, in their order. A bare number is not a limit. */
const ROWS: Readonly<Record<string, readonly (Limit | number)[]>> = {
  'messages that the console keeps': [
    { ...KEPT, constant: 'MESSAGES_KEPT_MAX' },
    { ...KEPT, constant: 'PAYLOAD_BYTES_MAX', unit: KIB ** 2 },
    { ...KEPT, constant: 'ATTEMPTS_KEPT_MAX' },
  ],
  'rows that the console lists': [
    { file: 'console/feed/nextSampling.ts', constant: 'CALM_PER_SECOND' },
    { file: 'console/feed/nextSampling.ts', constant: 'OTHERS_PER_SECOND' },
  ],
  'messages on their way in a sum': [{ file: 'console/feed/books.ts', constant: 'ON_THEIR_WAY_MAX' }],
  'a text field': [{ ...MESSAGE, constant: 'TEXT_CHARACTERS_MAX' }],
  'a body that is read as an order or a payment': [
    { file: 'shared/bodyText.ts', constant: 'BODY_BYTES_MAX', unit: KIB ** 2 },
  ],
  "nesting of a message's body": [{ ...MESSAGE, constant: 'NESTING_MAX' }],
  'an id': [0, { ...MESSAGE, constant: 'ID_MAX' }],
  'a push body': [
    { file: 'shared/bodyText.ts', constant: 'REQUEST_BYTES_MAX', unit: KIB ** 2 },
    { file: 'local/pubsub/server/message.ts', constant: 'PUBLISH_BYTES_MAX', unit: 1e6, isAside: true },
    { ...PUSH, constant: 'ATTRIBUTES_MAX' },
    { ...PUSH, constant: 'BRACKETS_MAX' },
  ],
  "a producer's clock": [
    { file: 'shared/domain/eventTime.ts', constant: 'CLOCK_AHEAD_MAX_MS', unit: 60_000 },
  ],
  'payment entries of one order, or versions of its newest time': [
    { file: 'shared/domain/findingsOf.ts', constant: 'USUAL_ENTRIES_MAX' },
  ],
  'a ledger that is read': [
    { file: 'shared/store/store.ts', constant: 'LEDGER_ENTRIES_MAX' },
    { file: 'shared/store/store.ts', constant: 'LEDGER_CHARACTERS_MAX' },
  ],
  'large ledgers that are read to their end at once': [
    { file: 'shared/store/cassandraStore.ts', constant: 'LARGE_LEDGER_ENTRIES' },
    { file: 'shared/store/cassandraStore.ts', constant: 'LARGE_LEDGERS_AT_ONCE' },
  ],
  'spans that wait to be sent': [{ file: 'shared/telemetry/otlpTracer.ts', constant: 'QUEUE_SPANS_MAX' }],
  'sending the last spans, after the drain': [{ ...SECOND, constant: 'TRACES_FLUSH_TIMEOUT_MS' }],
  'the rank in a write time, and erased payments in one': [
    { file: 'shared/domain/writeTimes.ts', constant: 'RANK_MAX' },
    { file: 'shared/domain/writeTimes.ts', constant: 'ERASED_MAX' },
  ],
  'entries that an erasure blanks in one statement': [
    { file: 'shared/protocol/blanksOf.ts', constant: 'BLANKS_AT_ONCE' },
  ],
  "a dead letter's payload": [{ file: 'shared/bodyText.ts', constant: 'BODY_BYTES_MAX', unit: KIB ** 2 }],
  'requests in hand': [
    { file: 'shared/http/byteBudget.ts', constant: 'BYTES_IN_HAND_MAX', unit: KIB ** 2 },
    { file: 'shared/http/byteBudget.ts', constant: 'REQUEST_OVERHEAD_BYTES', unit: KIB },
    429,
  ],
  'statements in flight': [
    { file: 'shared/store/driver/limitStatements.ts', constant: 'STATEMENTS_IN_FLIGHT_MAX' },
  ],
  'an error text': [
    { file: 'shared/masking/toErrorText.ts', constant: 'ERROR_BYTES_MAX' },
    { file: 'shared/messaging/deadLetterAttributes.ts', constant: 'FINDING_ERROR_BYTES_MAX' },
  ],
  'dead letters of one order': [
    { file: 'shared/operations/findDeadLetters.ts', constant: 'SLICE_PLACES_MAX' },
    { file: 'shared/operations/findOrderView.ts', constant: 'DEAD_LETTERS_MAX' },
  ],
  'redrives of one event': [{ file: 'shared/operations/planRedrive.ts', constant: 'REDRIVES_MAX' }],
  'how long dead letters are kept, where they expire': [
    { file: 'shared/store/retention/retentionDaysMin.ts', constant: 'RETENTION_DAYS_MIN' },
    { file: 'shared/store/retention/retentionDaysMax.ts', constant: 'RECORDABLE_DAYS_MIN' },
    2038,
  ],
  "partitions of one day's dead letters": [
    { file: 'shared/domain/deadLetter.ts', constant: 'DEAD_LETTER_SHARDS' },
  ],
  'handling a message, with what it tells': [
    { ...SECOND, constant: 'HANDLE_TIMEOUT_MS' },
    503,
    { ...SECOND, constant: 'PUBLISH_TIMEOUT_MS' },
    { file: 'shared/deadlines.ts', constant: 'ACK_DEADLINE_SECONDS' },
  ],
  'statements one after another': [{ file: 'shared/deadlines.ts', constant: 'STATEMENTS_IN_A_ROW_MAX' }],
  'a statement': [
    { ...SECOND, constant: 'STATEMENT_TIMEOUT_MS' },
    { ...SECOND, constant: 'CONNECT_TIMEOUT_MS' },
    { ...SECOND, constant: 'STATEMENT_TIMEOUT_MS' },
  ],
  "a consumer's request on the platform": [
    { file: 'shared/deadlines.ts', constant: 'CONSUMER_TIMEOUT_SECONDS' },
    { file: 'cdktf/limits.ts', constant: 'CONSUMER_MEMORY', unit: KIB ** 3 },
    { file: 'cdktf/config.ts', constant: 'concurrency', isAside: true },
  ],
  'the scheduled audit': [
    { file: 'functions/audit/limits.ts', constant: 'ROWS_PER_SECOND_MAX' },
    { file: 'shared/deadlines.ts', constant: 'AUDIT_BUDGET_MS', unit: 60_000 },
  ],
  'what a stream of the worker delivers before acks': [
    { ...PULL, constant: 'STREAM_MESSAGES_MAX' },
    { ...PULL, constant: 'STREAM_BYTES_MAX', unit: KIB ** 2 },
    { file: 'shared/deadlines.ts', constant: 'LEASE_SECONDS_MAX' },
    { ...SECOND, constant: 'QUEUE_TIMEOUT_MS' },
  ],
  'what the worker has in hand': [
    { ...PULL, constant: 'IN_HAND_MESSAGES_MAX' },
    { ...PULL, constant: 'IN_HAND_BYTES_MAX', unit: KIB ** 2 },
  ],
  'draining on SIGTERM': [
    { ...SECOND, constant: 'DRAIN_TIMEOUT_MS' },
    { ...SECOND, constant: 'PLATFORM_KILL_MS' },
  ],
  'lists in an audit': [{ file: 'shared/audit/auditCounts.ts', constant: 'LISTED_MAX' }],
};

/** The value of a constant in a file's text, or of a default in its schema. Undefined: it has no such one. */
const constantIn = (text: string, name: string): bigint | undefined => {
  const declared = new RegExp(String.raw`\bconst ${name} = (?<value>[^;]+);`).exec(text)?.groups?.value;
  const byDefault = new RegExp(String.raw`\b${name}: [^\n]*\.default\((?<value>[^)]+)\)`).exec(text)?.groups
    ?.value;
  const value = declared ?? byDefault;
  return value === undefined ? undefined : calculate(value, text);
};

/** The arithmetic that the limits need: `2n ** 63n - 1n`, `16 * 1024 * 1024`, `OTHER_MS - 2`, `'1Gi'`. */
const calculate = (formula: string, text: string): bigint | undefined => {
  for (const [sign, apply] of OPERATIONS) {
    const at = formula.lastIndexOf(sign);
    if (at === -1) continue;
    const [left, right] = [
      calculate(formula.slice(0, at), text),
      calculate(formula.slice(at + sign.length), text),
    ];
    return left === undefined || right === undefined ? undefined : apply(left, right);
  }
  const memory = /^'(?<amount>\d+)Gi'$/.exec(formula)?.groups?.amount;
  if (memory !== undefined) return BigInt(memory) * BigInt(KIB ** 3);
  if (/^\d[\d_]*n?$/.test(formula)) return BigInt(formula.replace(/[_n]/g, ''));
  return /^[A-Z_]+$/.test(formula) ? constantIn(text, formula) : undefined;
};

/** What binds least comes first. */
const OPERATIONS: readonly (readonly [sign: string, apply: (a: bigint, b: bigint) => bigint])[] = [
  [' + ', (a, b) => a + b],
  [' - ', (a, b) => a - b],
  [' * ', (a, b) => a * b],
  [' ** ', (a, b) => a ** b],
];

/** `2,000`, `6.5`, `2^63-1`, but not the digits of `base64`. */
const numbersIn = (cell: string): readonly string[] =>
  [...cell.matchAll(/(?<![\w^])(?:2\^63-1|\d[\d,]*\d(?:\.\d+)?|\d(?:\.\d+)?)/g)].map(([number]) =>
    number === '2^63-1' ? String(2n ** 63n - 1n) : number.replaceAll(',', ''),
  );

interface Row {
  readonly line: number;
  readonly what: string;
  readonly numbers: readonly string[];
  readonly files: readonly string[];
}

/** The rows of the table under "Limits". */
const rowsIn = (page: string): readonly Row[] => {
  const lines = page.split('\n');
  const start = lines.indexOf('## Limits');
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('## '));
  return lines.flatMap((line, index) => {
    if (start === -1 || index <= start + 2 || index > start + length || !line.startsWith('| ')) return [];
    const [what = '', cell = '', where = ''] = line.slice(2, -2).split(' | ');
    const files = [...where.matchAll(/`(?<file>[^`]+)`/g)].map(({ groups }) => groups?.file ?? '');
    return [{ line: index + 1, what, numbers: numbersIn(cell), files }];
  });
};

/** A limit in its row's unit, as the row would show it. */
const shownAs = (limit: Limit | number, read: (path: string) => string): string => {
  if (typeof limit === 'number') return String(limit);
  const { file, constant, unit = 1 } = limit;
  const value = constantIn(read(file), constant);
  if (value === undefined) return `no ${constant} in ${file}`;
  return value % BigInt(unit) === 0n ? String(value / BigInt(unit)) : String(Number(value) / unit);
};

/** The third column may leave the folder out. */
const isPlace = (file: string) => (place: string) => place === file || place.endsWith(`/${file}`);

/** What the table says and the constants do not, and the other way round. */
const faultsOf = (page: string, rows: typeof ROWS, read: (path: string) => string): readonly string[] => {
  const shown = rowsIn(page);
  const missing = Object.keys(rows).filter((what) => !shown.some((row) => row.what === what));
  return [
    ...missing.map((what) => `${PAGE}: the table of limits has no row "${what}"`),
    ...shown.flatMap(({ line, what, numbers, files }) => {
      const at = `${PAGE}:${line}: ${what}`;
      const limits = rows[what];
      if (limits === undefined) return [`${at}: test/tidy/limitsTable.test.ts does not know this row`];
      const expected = limits.map((limit) => shownAs(limit, read));
      const used = limits.flatMap((one) => (typeof one === 'number' || one.isAside ? [] : [one.file]));
      const places = [...new Set(used)];
      return [
        ...(numbers.join() === expected.join()
          ? []
          : [`${at}: says ${numbers.join(', ')}; the constants are ${expected.join(', ')}`]),
        ...files
          .filter((file) => !places.some(isPlace(file)))
          .map((file) => `${at}: ${file} has no such constant, it is in ${places.join(', ')}`),
        ...places
          .filter((place) => !files.some((file) => isPlace(file)(place)))
          .map((place) => `${at}: does not name ${place}`),
      ];
    }),
  ];
};

const TEXTS: Readonly<Record<string, string>> = {
  'shared/a.ts':
    'export const WAIT_MS = 40_000;\nconst PAGE_SECONDS = 60;\nconst REST_SECONDS = PAGE_SECONDS - 2;\n',
  'shared/b.ts':
    "const BYTES_MAX = 16 * 1024 * 1024;\nconst ID_MAX = 2n ** 63n - 1n;\nconst MEMORY = '1Gi';\n",
};
const MADE_UP: typeof ROWS = {
  waiting: [
    { file: 'shared/a.ts', constant: 'WAIT_MS', unit: 1_000 },
    { file: 'shared/b.ts', constant: 'BYTES_MAX', unit: KIB ** 2 },
  ],
};
const found = (...rows: readonly string[]) =>
  faultsOf(
    ['## Limits', '| what | number | where |', '| --- | --- | --- |', ...rows, '## Next'].join('\n'),
    MADE_UP,
    (path) => TEXTS[path] ?? '',
  );

describe('a row of limits', () => {
  it('says what the constants say, and where they are', () => {
    expect(found('| waiting | 40 s; 16 MiB in base64 | `a.ts`, `shared/b.ts` |')).toEqual([]);
  });

  it.each([
    [
      'another number',
      '| waiting | 41 s; 16 MiB | `a.ts`, `b.ts` |',
      'says 41, 16; the constants are 40, 16',
    ],
    ['a number less', '| waiting | 40 s | `a.ts`, `b.ts` |', 'says 40; the constants are 40, 16'],
    ['another file', '| waiting | 40 s; 16 MiB | `a.ts`, `b.ts`, `c.ts` |', 'c.ts has no such constant'],
    ['a file less', '| waiting | 40 s; 16 MiB | `a.ts` |', 'does not name shared/b.ts'],
  ])('is wrong: %s', (_what, row, fault) => {
    expect(found(row)).toEqual([expect.stringContaining(`${PAGE}:4: waiting: ${fault}`)]);
  });

  it('is missed, and is noticed when nobody knows it', () => {
    expect(found('| resting | 1 s | `a.ts` |')).toEqual([
      `${PAGE}: the table of limits has no row "waiting"`,
      `${PAGE}:4: resting: test/tidy/limitsTable.test.ts does not know this row`,
    ]);
  });

  it.each([
    ['shared/a.ts', 'REST_SECONDS', 58n],
    ['shared/b.ts', 'BYTES_MAX', 16n * 1024n * 1024n],
    ['shared/b.ts', 'ID_MAX', 9_223_372_036_854_775_807n],
    ['shared/b.ts', 'MEMORY', 1024n ** 3n],
    ['shared/b.ts', 'GONE', undefined],
  ])('is read from %s: %s', (file, name, value) => {
    expect(constantIn(TEXTS[file] ?? '', name)).toBe(value);
  });
});

describe('the table of limits', () => {
  it('says what the constants say', () => {
    expect(faultsOf(textOf(PAGE), ROWS, textOf)).toEqual([]);
  });
});
