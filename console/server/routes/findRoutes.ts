import type { ConsoleDeps } from '../../consoleDeps.ts';
import type { FindAnswer } from '../../contract.ts';
import { findPlaces } from '../../orders/findPlaces.ts';
import { RequestRefusedError } from '../parseRequest.ts';
import { answer, type Route } from '../route.ts';

/** An id has at most 32 characters. */
const QUERY_CHARACTERS_MAX = 64;

/** Says where an id leads to: an order, a payment, an event or a message. */
export const findRoutes = (deps: Pick<ConsoleDeps, 'store' | 'clock' | 'feed'>): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/find',
    handle: async ({ query, signal }) => {
      const text = (query.get('q') ?? '').trim().toLowerCase();
      if (!/^(?:\d+|[0-9a-f]{6,32})$/.test(text) || text.length > QUERY_CHARACTERS_MAX) {
        const q = 'expected an id: digits, or at least 6 hex digits of an event';
        throw new RequestRefusedError(422, `q: ${q}`, { q });
      }
      const found: FindAnswer = await findPlaces(deps, text, signal);
      return answer(found);
    },
  },
];
