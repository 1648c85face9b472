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
        const q = 'expected digits, or the first 6 to 32 hex digits of an event';
        // The page shows it to a person, who has typed into a field without this name.
        throw new RequestRefusedError(422, `This is not an id: ${q}.`, { q });
      }
      const found: FindAnswer = await findPlaces(deps, text, signal);
      return answer(found);
    },
  },
];
