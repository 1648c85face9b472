import { TransientError } from '../../shared/errors.ts';
import { sayError } from '../sayError.ts';
import { RequestRefusedError } from './parseRequest.ts';
import { answer, type Route, type RouteAnswer, type RouteRequest } from './route.ts';

/**
 * Runs a route. What it refuses is an answer, and so is 503 with a sentence when Cassandra or Pub/Sub does
 * not answer: the page says so, and goes on. Any other error is a bug, and is thrown on.
 */
export const answerRoute = async ({ handle }: Route, request: RouteRequest): Promise<RouteAnswer> => {
  try {
    return await handle(request);
  } catch (error) {
    if (error instanceof RequestRefusedError) return answer(error.refusal, error.status);
    if (error instanceof TransientError) return answer({ error: sayError(error) }, 503);
    throw error;
  }
};
