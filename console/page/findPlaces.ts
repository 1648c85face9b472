import type { FindAnswer } from '../contract.ts';
import { get } from './api.ts';

/** Asks where an id leads to. @throws RefusedError for a text that is no id. */
export const findPlaces = (text: string): Promise<FindAnswer> =>
  get<FindAnswer>(`/api/find?${new URLSearchParams({ q: text })}`);
