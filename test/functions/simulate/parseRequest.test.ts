import { describe, expect, it } from 'vitest';
import { parseRequest, RequestRefusedError } from '../../../functions/simulate/parseRequest.ts';
import { requestOf } from './readMessages.ts';

const refusalOf = (body: string, method = 'POST'): RequestRefusedError => {
  try {
    parseRequest(method, Buffer.from(body), () => 42);
  } catch (error) {
    if (error instanceof RequestRefusedError) return error;
    throw error;
  }
  throw new Error('the request was not refused');
};

/** By default nothing happens that the reference does not do. */
const NO_FLOWS = {
  versions: 0,
  versionsPerOrder: 3,
  occurredAt: false,
  clockAheadMs: 0,
  guests: 0,
  cardless: 0,
  doublePaid: 0,
  statusMoves: 0,
  declinedFirst: 0,
  changed: 0,
  refunds: 0,
  refundsApart: 0,
  giftCards: 0,
  webhooks: 0,
};

/** On average it has 298 messages. */
const FEW_ORDERS = {
  preset: 'shop',
  orders: 100,
  versions: 0.2,
  versionsPerOrder: 5,
  early: 0.3,
  duplicates: 0.1,
};

const problemsOf = (body: object): readonly string[] => refusalOf(JSON.stringify(body)).problems;

describe('a request to simulate', () => {
  it.each([
    ['no body', undefined],
    ['an empty body', Buffer.from('')],
    ['an empty object', Buffer.from('{}')],
  ])('is for scenario A of the reference when it has %s', (_name, body) => {
    const request = parseRequest('POST', body, () => 42);

    expect(request).toEqual({ preset: 'reference', scenario: 'A', timeScale: 100, seed: 1, ...NO_FLOWS });
  });

  it('is for a hundred orders, a fifth of the payments early, when it names the shop and no more', () => {
    expect(requestOf({ preset: 'shop' })).toEqual({
      preset: 'shop',
      seed: 42,
      orders: 100,
      ratePerSecond: 0,
      early: 0.2,
      missing: 0,
      unpaid: 0,
      duplicates: 0,
      malformed: 0,
      ...NO_FLOWS,
    });
  });

  it.each([
    { seed: 0 },
    { seed: 4_294_967_295 },
    { scenario: 'D', timeScale: 0 },
    { timeScale: 1000 },
    { scenario: 'A', timeScale: 1 },
    { scenario: 'C', timeScale: 1.3 },
    { preset: 'shop', orders: 1, ratePerSecond: 10_000 },
    { preset: 'shop', orders: 100_000, early: 1, duplicates: 1, doublePaid: 1, malformed: 1 },
    { preset: 'shop', missing: 1, unpaid: 0 },
    { preset: 'shop', missing: 0.7, unpaid: 0.3 },
    { statusMoves: 0.2, declinedFirst: 0.4, changed: 0.3, refunds: 0.1 },
    { preset: 'shop', missing: 0.7, unpaid: 0.3 },
    { preset: 'shop', orders: 27_000, ratePerSecond: 100 },
    { versions: 1, versionsPerOrder: 10, occurredAt: true, clockAheadMs: 240_000 },
    { guests: 1, cardless: 1, doublePaid: 1, statusMoves: 0.5, webhooks: 0.5 },
    { preset: 'shop', changed: 1 },
    // This seed draws 295 messages.
    { ...FEW_ORDERS, seed: 53, ratePerSecond: 0.55 },
  ])('may hold %j', (body) => {
    expect(requestOf(body)).toMatchObject(body);
  });

  const share = 'a number from 0 to 1';
  it.each([
    [{ preset: 'sead' }, 'preset: expected "reference" or "shop", got "sead"'],
    [{ preset: null }, 'preset: expected "reference" or "shop", got null'],
    [{ seed: -1 }, 'seed: expected a whole number from 0 to 4294967295, got -1'],
    [{ seed: 1.5 }, 'seed: expected a whole number from 0 to 4294967295, got 1.5'],
    [{ seed: 4_294_967_296 }, 'seed: expected a whole number from 0 to 4294967295, got 4294967296'],
    [{ seed: '7' }, 'seed: expected a whole number from 0 to 4294967295, got "7"'],
    [{ scenario: 'E' }, 'scenario: expected "A" or "B" or "C" or "D", got "E"'],
    [{ scenario: ['A'] }, 'scenario: expected "A" or "B" or "C" or "D", got an array'],
    [{ timeScale: -1 }, 'timeScale: expected a number from 0 to 1000, got -1'],
    [{ timeScale: 1001 }, 'timeScale: expected a number from 0 to 1000, got 1001'],
    [{ timeScale: true }, 'timeScale: expected a number from 0 to 1000, got true'],
    [{ timeScale: 0.5 }, 'timeScale: expected a run of at most 540 s, got one of about 998 s'],
    [{ scenario: 'C', timeScale: 1 }, 'timeScale: expected a run of at most 540 s, got one of about 659 s'],
    [{ preset: 'shop', orders: 0 }, 'orders: expected a whole number from 1 to 100000, got 0'],
    [{ preset: 'shop', orders: 100_001 }, 'orders: expected a whole number from 1 to 100000, got 100001'],
    [{ preset: 'shop', orders: 2.5 }, 'orders: expected a whole number from 1 to 100000, got 2.5'],
    [{ preset: 'shop', ratePerSecond: -1 }, 'ratePerSecond: expected a number from 0 to 10000, got -1'],
    [
      { preset: 'shop', ratePerSecond: 10_001 },
      'ratePerSecond: expected a number from 0 to 10000, got 10001',
    ],
    [
      { preset: 'shop', orders: 1000, ratePerSecond: 3 },
      'ratePerSecond: expected a run of at most 540 s, got one of about 667 s',
    ],
    [
      {
        preset: 'shop',
        orders: 10_000,
        ratePerSecond: 60,
        missing: 0.1,
        unpaid: 0.2,
        doublePaid: 0.5,
        duplicates: 0.5,
        malformed: 1,
      },
      // Per order 0.9 orders and 0.8 × 1.5 payments, half of both again, and 1 malformed: some 41,500.
      'ratePerSecond: expected a run of at most 540 s, got one of about 693 s',
    ],
    [{ preset: 'shop', early: -0.1 }, `early: expected ${share}, got -0.1`],
    [{ preset: 'shop', missing: 1.1 }, `missing: expected ${share}, got 1.1`],
    [{ preset: 'shop', unpaid: '0.5' }, `unpaid: expected ${share}, got "0.5"`],
    [{ preset: 'shop', duplicates: null }, `duplicates: expected ${share}, got null`],
    [{ preset: 'shop', doublePaid: {} }, `doublePaid: expected ${share}, got an object`],
    [{ preset: 'shop', malformed: 2 }, `malformed: expected ${share}, got 2`],
    [{ preset: 'shop', missing: 0.75, unpaid: 0.5 }, 'missing + unpaid: expected at most 1, got 1.25'],
    [
      { preset: 'shop', scenario: 'A' },
      'scenario: expected only with the preset "reference", got it with the preset "shop"',
    ],
    [
      { preset: 'shop', timeScale: 1 },
      'timeScale: expected only with the preset "reference", got it with the preset "shop"',
    ],
    [{ versionsPerOrder: 1 }, 'versionsPerOrder: expected a whole number from 2 to 10, got 1'],
    [
      { preset: 'shop', versionsPerOrder: 11 },
      'versionsPerOrder: expected a whole number from 2 to 10, got 11',
    ],
    [{ occurredAt: 'yes' }, 'occurredAt: expected true or false, got "yes"'],
    [
      { occurredAt: true, clockAheadMs: 240_001 },
      'clockAheadMs: expected a whole number from 0 to 240000, got 240001',
    ],
    [{ clockAheadMs: 100 }, 'clockAheadMs: expected 0 without occurredAt, got 100'],
    [{ preset: 'shop', clockAheadMs: 100 }, 'clockAheadMs: expected 0 without occurredAt, got 100'],
    ...['versions', 'guests', 'cardless', 'statusMoves', 'refunds', 'giftCards'].map(
      (name): [object, string] => [{ [name]: 1.5 }, `${name}: expected ${share}, got 1.5`],
    ),
    [
      { statusMoves: 0.5, webhooks: 0.75 },
      'stories: expected statusMoves, declinedFirst, changed, refunds, refundsApart, giftCards, webhooks ' +
        'to be at most 1 together, got 1.25',
    ],
    [
      { preset: 'shop', orders: 10_000, ratePerSecond: 60, versions: 0.5, versionsPerOrder: 5, refunds: 0.5 },
      // Per order 1 + 0.5 × 4 orders and 1 + 0.5 payments: some 45,000 messages.
      'ratePerSecond: expected a run of at most 540 s, got one of about 748 s',
    ],
    [
      // This seed draws 348 messages.
      { ...FEW_ORDERS, seed: 38, ratePerSecond: 0.558 },
      'ratePerSecond: expected a run of at most 540 s, got one of about 624 s',
    ],
    [{ orders: 5 }, 'orders: expected only with the preset "shop", got it with the preset "reference"'],
    [
      { preset: 'reference', early: 0 },
      'early: expected only with the preset "shop", got it with the preset "reference"',
    ],
  ])('is refused for %j', (body, problem) => {
    expect(refusalOf(JSON.stringify(body)).status).toBe(400);
    expect(problemsOf(body)).toEqual([problem]);
  });

  it('is refused for a field that does not exist, whatever its name', () => {
    const { problems } = refusalOf('{"order": 5, "__proto__": 1, "toString": 1}');

    expect(new Set(problems.map((problem) => problem.split(':')[0]))).toEqual(
      new Set(['__proto__', 'order', 'toString']),
    );
    expect(problems[0]).toMatch(
      /: there is no such field; the fields are preset, seed, scenario, .*, malformed$/,
    );
  });

  it('hears of all its problems at once', () => {
    const body = {
      preset: 'shop',
      seed: -1,
      orders: 0,
      missing: 0.9,
      unpaid: 0.9,
      early: 2,
      scenario: 'A',
      foo: 1,
    };

    const fields = problemsOf(body).map((problem) => problem.split(':')[0]);

    expect(new Set(fields)).toEqual(
      new Set(['early', 'foo', 'missing + unpaid', 'orders', 'scenario', 'seed']),
    );
  });

  it('may still call the reference by its old name', () => {
    expect(requestOf({ preset: 'seed' })).toEqual(requestOf({ preset: 'reference' }));
  });

  it('hears of its known fields only what a preset that does not exist leaves to say', () => {
    expect(problemsOf({ preset: 'x', orders: 5, scenario: 'Z' })).toEqual([
      'preset: expected "reference" or "shop", got "x"',
      'scenario: expected "A" or "B" or "C" or "D", got "Z"',
    ]);
  });

  it.each([
    ['[]', 'body: expected a JSON object, got JSON that is not an object'],
    ['null', 'body: expected a JSON object, got JSON that is not an object'],
    ['7', 'body: expected a JSON object, got JSON that is not an object'],
    ['{"seed":', 'body: expected a JSON object, got 8 bytes that are not JSON'],
  ])('is refused for the body %s', (body, message) => {
    expect(refusalOf(body)).toMatchObject({ status: 400, message });
  });

  it('is refused for its size alone, one byte above the limit', () => {
    expect(refusalOf('{}'.padEnd(65_537))).toMatchObject({
      status: 413,
      message: 'body: expected at most 65536 bytes, got 65537',
    });
    expect(parseRequest('POST', Buffer.from('{}'.padEnd(65_536)), () => 42)).toMatchObject({
      preset: 'reference',
    });
  });

  it('survives a body of brackets', () => {
    expect(refusalOf(`{"seed":${'['.repeat(30_000)}${']'.repeat(30_000)}}`).status).toBe(400);
  });

  it('is refused for any method but POST', () => {
    expect(refusalOf('', 'GET')).toMatchObject({ status: 405, message: 'method: expected POST, got GET' });
  });

  it('is refused in words without a card number (I8), few and short whatever it holds', () => {
    const fields = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`${index}${'x'.repeat(90)}`, 1]),
    );

    const { problems } = refusalOf(
      JSON.stringify({
        preset: '4111 1111 1111 1111',
        seed: 4_111_111_111_111_111,
        '4111-1111-1111-1111': 1,
        ...fields,
      }),
    );

    expect(problems).toHaveLength(20);
    expect(Math.max(...problems.map(({ length }) => length))).toBeLessThanOrEqual(450);
    expect(problems.join()).not.toMatch(/4111.?1111.?1111.?1111/);
  });
});
