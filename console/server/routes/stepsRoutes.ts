import type { ConsoleDeps } from '../../consoleDeps.ts';
import type { StepsAnswer } from '../../contract.ts';
import { RequestRefusedError } from '../parseRequest.ts';
import { answer, type Route } from '../route.ts';
import { isEventId } from '../../../shared/domain/isEventId.ts';

/** What the last delivery of an event did, from its spans. */
export const stepsRoutes = ({ traces }: Pick<ConsoleDeps, 'traces'>): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/steps/:eventId',
    handle: async ({ params: { eventId = '' } }) => {
      if (!isEventId(eventId)) throw new RequestRefusedError(422, 'expected an event id: 32 hex digits');
      const found: StepsAnswer = {
        isTraced: traces !== undefined,
        steps: traces?.stepsOf(eventId) ?? null,
      };
      return answer(found);
    },
  },
];
