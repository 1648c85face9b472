import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../../../../console/contract.ts';
import {
  filterQuery,
  isEverything,
  pressOutcome,
  readFilter,
} from '../../../../../console/page/views/stream/readFilter.ts';

/** As the buttons stand. */
const NAMES = ['matched', 'stored', 'parked', 'findings', 'invalid', 'too_many', 'retry', 'dropped'];

const read = (query: string) => readFilter(new URLSearchParams(query));

describe('the filter of the stream', () => {
  it('is in the address, there and back', () => {
    const filter = read('text=order+17&topic=orders_data&outcomes=retry,invalid');

    expect(filter).toEqual({ text: 'order 17', topic: 'orders_data', outcomes: ['invalid', 'retry'] });
    expect(readFilter(new URLSearchParams(filterQuery(filter)))).toEqual(filter);
  });

  it('leaves out words that nobody knows', () => {
    expect(read('outcomes=retry,lost,&topic=order_data')).toEqual({
      text: '',
      topic: '',
      outcomes: ['retry'],
    });
  });

  it('is one that the server takes, whatever the address says', () => {
    const { text, outcomes } = read(`text=${'x'.repeat(201)}&outcomes=${Array(17).fill('retry').join()}`);

    expect([text.length, outcomes]).toEqual([200, ['retry']]);
  });

  it.each([
    ['', true],
    ['text=17', false],
    ['topic=orders_data', false],
    ['outcomes=retry', false],
  ])('with %j asks for everything: %s', (query, expected) => {
    expect(isEverything(read(query))).toBe(expected);
  });
});

describe('a press of an outcome', () => {
  it.each([
    ['takes one away from all', [], 'retry', NAMES.filter((outcome) => outcome !== 'retry')],
    ['adds one', ['retry'], 'invalid', ['invalid', 'retry']],
    ['takes one away', ['invalid', 'retry'], 'retry', ['invalid']],
    ['shows everything when none is left', ['retry'], 'retry', []],
    ['shows everything when all are on', NAMES.slice(1), 'matched', []],
  ])('%s', (_what, outcomes, pressed, expected) => {
    expect(pressOutcome(outcomes, pressed)).toEqual(expected);
  });
});

it.each([...OUTCOMES, 'findings'])('can ask for what the stream shows as %s', (outcome) => {
  expect(read(`outcomes=${outcome}`).outcomes).toEqual([outcome]);
});
