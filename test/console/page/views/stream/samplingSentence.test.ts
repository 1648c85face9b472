import { describe, expect, it } from 'vitest';
import {
  samplingChange,
  samplingSentence,
} from '../../../../../console/page/views/stream/samplingSentence.ts';

const FACTS = { isLocal: true, isFiltered: false, sampling: { calm: 1, others: 1 }, unlisted: 0 };
const KEPT = 'The newest 200 are kept; the rates above count everything.';

describe('the sentence about sampling', () => {
  it.each([
    ['nothing is left out', {}, '', 'Everything is listed, the newest 200.'],
    [
      'the calm ones are sampled',
      { sampling: { calm: 32, others: 1 } },
      'Sampled:',
      `1 in 32 of matched and stored is listed. Every parked, finding, invalid and retry is. ${KEPT}`,
    ],
    [
      'all are sampled',
      { sampling: { calm: 256, others: 4 } },
      'Sampled:',
      `1 in 256 of matched and stored, and 1 in 4 of all others is listed. ${KEPT}`,
    ],
    [
      'there is a filter',
      { isFiltered: true, sampling: { calm: 32, others: 1 } },
      '',
      'Not sampled: the newest 200 that fit are listed, of the last 10,000 messages.',
    ],
    [
      'more fits than can be drawn',
      { isFiltered: true, unlisted: 40 },
      '',
      'Not sampled: the newest 200 that fit are listed, of the last 10,000 messages. More came than can be drawn: 40 are counted, not listed.',
    ],
    ['no frame has come', { sampling: undefined }, '', 'Nothing has come yet.'],
    [
      'no message is seen',
      { isLocal: false },
      'Dead letters only:',
      'the newest messages that people were told about. All others are in the ledger, which has them by ' +
        'order and not by time: find one by its id. How often each was delivered is not known here.',
    ],
  ])('is said where %s', (_where, facts, lead, rest) => {
    expect(samplingSentence({ ...FACTS, ...facts })).toEqual({ lead, rest });
  });

  it('says each change', () => {
    expect(samplingChange({ calm: 8, others: 1 })).toBe(
      'from here on, 1 in 8 of matched and stored is listed; every other is',
    );
    expect(samplingChange({ calm: 8, others: 2 })).toBe(
      'from here on, 1 in 8 of matched and stored is listed; 1 in 2 of all others is',
    );
    expect(samplingChange({ calm: 1, others: 1 })).toBe('from here on, everything is listed');
  });
});
