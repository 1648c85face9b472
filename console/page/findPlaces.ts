import type { FindAnswer } from '../contract.ts';
import { get, problemOf } from './api.ts';

export interface Found {
  readonly places: FindAnswer['places'];
  /** Why there is no place, in a sentence; empty when there is one. */
  readonly why: string;
}

/** Asks where an id leads to. */
export const findPlaces = async (text: string): Promise<Found> => {
  try {
    const { places, looked } = await get<FindAnswer>(`/api/find?${new URLSearchParams({ q: text })}`);
    return { places, why: places.length > 0 ? '' : `Nothing has the id ${text}. Looked at: ${looked}.` };
  } catch (error) {
    return { places: [], why: problemOf(error) };
  }
};
