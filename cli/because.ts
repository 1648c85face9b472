import { InvalidArgumentError } from 'commander';
import { BECAUSE_BYTES_MAX } from '../shared/operations/runOperation.ts';

/** The parser of `--because`: the operator's own words. */
export const because = (text: string): string => {
  const words = text.trim();
  if (words !== '' && Buffer.byteLength(words) <= BECAUSE_BYTES_MAX) return words;
  throw new InvalidArgumentError(`Expected your reason, in 1 to ${BECAUSE_BYTES_MAX} bytes.`);
};
