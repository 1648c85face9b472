import type { Sampling } from '../../../contract.ts';

interface SamplingFacts {
  readonly isLocal: boolean;
  readonly isFiltered: boolean;
  readonly sampling: Sampling | undefined;
  /** Rows that fit and were not listed in the last seconds. */
  readonly unlisted: number;
}

interface Sentence {
  /** The word that it begins with, where something is left out. */
  readonly lead: string;
  readonly rest: string;
}

/** What is listed and what is not. It is always said. Pure. */
export const samplingSentence = ({ isLocal, isFiltered, sampling, unlisted }: SamplingFacts): Sentence => {
  if (!isLocal) {
    return {
      lead: 'Dead letters only:',
      rest:
        'the newest messages that people were told about. All others are in the ledger, which has them by ' +
        'order and not by time: find one by its id. How often each was delivered is not known here.',
    };
  }
  const most = unlisted === 0 ? '' : ` More came than can be drawn: ${unlisted} are counted, not listed.`;
  if (isFiltered) {
    return {
      lead: '',
      rest: `Not sampled: the newest 200 that fit are listed, of the last 10,000 messages.${most}`,
    };
  }
  if (sampling === undefined) return { lead: '', rest: 'Nothing has come yet.' };
  const { calm, others } = sampling;
  if (calm === 1 && others === 1) return { lead: '', rest: `Everything is listed, the newest 200.${most}` };
  const rest =
    others === 1
      ? `1 in ${calm} of matched and stored is listed. Every parked, finding, invalid and retry is.`
      : `1 in ${calm} of matched and stored, and 1 in ${others} of all others is listed.`;
  return {
    lead: 'Sampled:',
    rest: `${rest} The newest 200 are kept; the rates above count everything.${most}`,
  };
};

/** What a change of the sampling is called in the list. */
export const samplingChange = ({ calm, others }: Sampling): string => {
  if (calm === 1 && others === 1) return 'from here on, everything is listed';
  const rest = others === 1 ? 'every other is' : `1 in ${others} of all others is`;
  return `from here on, 1 in ${calm} of matched and stored is listed; ${rest}`;
};
