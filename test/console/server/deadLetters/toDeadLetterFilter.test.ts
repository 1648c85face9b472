import { describe, expect, it } from 'vitest';
import { readLetters } from '../../../../console/server/deadLetters/readLetters.ts';
import {
  letterFilterSchema,
  readLetterFilter,
  toDeadLetterFilter,
} from '../../../../console/server/deadLetters/toDeadLetterFilter.ts';
import { createToLetter } from '../../../../console/server/deadLetters/toLetter.ts';
import { PUBLISHED_AT_MS } from '../../../support/messages/domain.ts';
import { deadLetterRow } from '../../../support/messages/records.ts';

const AT_MS = Date.UTC(2026, 10, 29, 12);

const sinceOf = async (days: readonly string[]): Promise<string> => {
  const rows = days.map((day, number) => deadLetterRow(number, { day, publishedAtMs: Date.parse(day) }));
  const store = {
    scanDeadLetterPages: async function* () {
      yield rows;
    },
  };
  const read = await readLetters(store, {
    known: new Map(),
    toLetter: createToLetter(),
    onProgress: () => {},
  });
  const snapshot = { ...read, countedAtMs: AT_MS };
  const { sinceMs = 0 } = toDeadLetterFilter(letterFilterSchema.parse({}), { snapshot, atMs: AT_MS });
  return new Date(sinceMs).toISOString();
};

describe('the filter of the page', () => {
  it('begins with the day of the oldest dead letter', async () => {
    expect(await sinceOf(['2026-11-28', '2025-01-03', '2026-11-29'])).toBe('2025-01-03T00:00:00.000Z');
  });

  it('begins there also when so many are newer that the oldest is not listed', async () => {
    const days = Array.from({ length: 130_000 }, () => '2026-11-28');

    expect(await sinceOf(['2026-11-02', ...days])).toBe('2026-11-02T00:00:00.000Z');
  });

  it('begins today when there are none', async () => {
    expect(await sinceOf([])).toBe('2026-11-29T00:00:00.000Z');
  });
});

/** Order 17 is paid by three payments, and payment 3017 told it. */
const CONFLICT = deadLetterRow(1, {
  reason: 'conflict',
  orderId: 17n,
  paymentId: 3017n,
  error: 'order 17 is paid by 3 payments: 1017, 2017, 3017',
});
/** A payment that waits for order 1017. */
const WAITING = deadLetterRow(2, { orderId: 1017n, paymentId: 5n, error: 'payment 5 waits for order 1017' });

const read = (text: string, rows: readonly (typeof CONFLICT & { readonly isOpen?: boolean })[]) => {
  const toLetter = createToLetter();
  const letters = rows.map((row) => ({ ...toLetter(row), isOpen: row.isOpen }));
  const snapshot = {
    letters,
    all: letters.length,
    firstDay: '2024-01-01',
    countedAtMs: PUBLISHED_AT_MS + 1_000,
  };
  const { filter, ...rest } = readLetterFilter(letterFilterSchema.parse({ text }), {
    snapshot,
    atMs: PUBLISHED_AT_MS + 1_000,
  });
  const { ids, orderId, paymentId, error } = filter;
  return { ids, orderId, paymentId, error, ...rest };
};

describe('digits in the filter of the page', () => {
  it('are a payment that an open double payment names', () => {
    expect(read('1017', [CONFLICT])).toMatchObject({ paymentId: 1017n, text: 'payment 1017', other: null });
  });

  it('are an order where it has a dead letter, and say that they are a payment too', () => {
    const meant = { orderId: 1017n, paymentId: undefined, text: 'order 1017', other: 'payment 1017' };
    expect(read('1017', [CONFLICT, WAITING])).toMatchObject(meant);
  });

  it('are what finds something in the state that is asked for', () => {
    const meant = { orderId: undefined, paymentId: 1017n, text: 'payment 1017', other: 'order 1017' };
    expect(read('1017', [CONFLICT, { ...WAITING, isOpen: false }])).toMatchObject(meant);
    expect(read('1017', [{ ...WAITING, isOpen: false }])).toMatchObject({ orderId: 1017n });
  });

  it('are a text of an error where they are no id, and an order where they find nothing', () => {
    const invalid = deadLetterRow(1, { reason: 'invalid', orderId: undefined, error: 'price: got 4711' });
    expect(read('471', [invalid])).toMatchObject({ orderId: undefined, error: '471', text: '"471"' });
    expect(read('99', [invalid])).toMatchObject({ orderId: 99n, error: undefined, text: '99', other: null });
  });

  it.each([
    ['order 17', { orderId: 17n, paymentId: undefined, error: undefined }],
    ['payment 17', { orderId: undefined, paymentId: 17n, error: undefined }],
    ['"17"', { orderId: undefined, paymentId: undefined, error: '17' }],
    ['order 17 is paid', { orderId: undefined, paymentId: undefined, error: 'order 17 is paid' }],
  ])('mean one thing in %j, whatever there is', (text, meant) => {
    expect(read(text, [CONFLICT, WAITING])).toMatchObject({ ...meant, text, other: null });
  });
});
