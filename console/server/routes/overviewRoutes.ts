import * as z from 'zod';
import { LISTED_MAX } from '../../../shared/audit/auditCounts.ts';
import type { ConsoleDeps } from '../../consoleDeps.ts';
import { parseRequest, RequestRefusedError } from '../parseRequest.ts';
import { queryNumber } from '../queryNumber.ts';
import { answer, post, type Route } from '../route.ts';

const IDS_DEFAULT = 10;

const historyQuery = z.object({
  since: queryNumber('expected milliseconds since 1970', 0, Number.MAX_SAFE_INTEGER).default(0),
});
const idsQuery = z.object({
  limit: queryNumber(`expected a whole number from 1 to ${LISTED_MAX}`, 1, LISTED_MAX).default(IDS_DEFAULT),
  all: z.literal(['true', 'false'], 'expected true or false').default('false'),
});

/** Charts and sums. What the overview shows besides is in every frame. */
export const overviewRoutes = ({ feed, sums }: Pick<ConsoleDeps, 'feed' | 'sums'>): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/history',
    handle: async ({ query }) => {
      const { since } = parseRequest(historyQuery, Object.fromEntries(query));
      return answer(feed.history(since));
    },
  },
  { method: 'GET', path: '/api/sums', handle: async () => answer(sums.sums()) },
  post('/api/sums/again', async () => {
    sums.again();
    return answer({});
  }),
  {
    method: 'GET',
    path: '/api/sums/:sum/:term',
    handle: async ({ params: { sum = '', term = '' }, query }) => {
      const { limit, all } = parseRequest(idsQuery, Object.fromEntries(query));
      const ids = sums.ids(sum, term, all === 'true' ? LISTED_MAX : limit);
      if (ids === undefined)
        throw new RequestRefusedError(404, 'no sum has this term, or nobody lists its ids');
      return answer(ids);
    },
  },
];
