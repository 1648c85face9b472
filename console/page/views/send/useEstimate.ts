import { useEffect, useState } from 'preact/hooks';
import type { RunEstimate } from '../../../contract.ts';
import { post, RefusedError } from '../../api.ts';
import { format } from '../../parts/format.ts';

/** A person types on within this. */
const PAUSE_MS = 300;

/** About how many messages a request would publish, as a sentence. Empty until the server has answered. */
export const useEstimate = (request: object, isLive: boolean): string => {
  const [said, setSaid] = useState('');
  const text = JSON.stringify(request);
  useEffect(() => {
    if (!isLive) return undefined;
    let isLatest = true;
    const timer = setTimeout(() => {
      post<RunEstimate>('/api/runs/estimate', JSON.parse(text)).then(
        (estimate) => isLatest && setSaid(sayEstimate(estimate)),
        (error: unknown) => isLatest && setSaid(sayRefusal(error)),
      );
    }, PAUSE_MS);
    return () => {
      isLatest = false;
      clearTimeout(timer);
    };
  }, [text, isLive]);
  return said;
};

const sayEstimate = ({ messages, seconds }: RunEstimate): string =>
  `About ${format.count(messages)} messages${seconds === 0 ? ', as fast as it can' : ` in ${format.duration(seconds * 1_000)}`}.`;

const sayRefusal = (error: unknown): string => {
  if (!(error instanceof RefusedError)) return '';
  const [field] = Object.entries(error.fields);
  return field === undefined ? `How many is not known: ${error.message}.` : `${field[0]}: ${field[1]}.`;
};
