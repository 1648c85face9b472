import { openDeadLetters } from '../../../console/server/openDeadLetters.ts';
import type { DeadLetterDeps } from '../../../console/server/deadLetters/deadLetterDeps.ts';
import type { Job, LetterPage } from '../../../console/deadLetterContract.ts';
import { answer, type Route, type RouteAnswer } from '../../../console/server/route.ts';
import { until } from '../../../proof/until.ts';
import type { DeadLetter } from '../../../shared/domain/deadLetter.ts';
import { eventIdOf } from '../../../shared/messaging/eventIdOf.ts';
import type { InputTopic } from '../../../shared/topology.ts';
import { orderBody } from '../messages/bodies.ts';
import { callRoute } from './callRoute.ts';

/** What an answer is as JSON, as the page gets it. */
interface Answered {
  readonly status: number;
  // The tests look into any part of it.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly value: any;
}

/** The routes of dead letters on a store and a publisher, called as the page calls them. */
export const openDeadLetterWorld = (
  deps: Pick<DeadLetterDeps, 'store' | 'publisher'>,
  { isLocal = true }: { readonly isLocal?: boolean } = {},
) => {
  const place: DeadLetterDeps['place'] = {
    environment: isLocal ? 'local' : 'production',
    isLocal,
    project: 'p',
    keyspace: 'k',
    cluster: 'c',
    pubsub: 'here',
    startedAtMs: 0,
    topology: { topics: [], subscriptions: [], functions: [], tables: [], writes: [] },
  };
  const opened = openDeadLetters({
    ...deps,
    place,
    operator: 'ann',
    clock: Date.now,
  });
  const answered = ({ status, value }: RouteAnswer): Answered => ({
    status,
    value: JSON.parse(JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? one.toString() : one))),
  });
  const get = async (path: string) => answered(await callRoute(opened.routes, 'GET', path));
  const post = async (path: string, body: unknown) =>
    answered(await callRoute(opened.routes, 'POST', path, body));
  const placeRoute: Route = { method: 'GET', path: '/api/place', handle: async () => answer(place) };
  return {
    /** All that the page asks for in its view of dead letters. */
    routes: [...opened.routes, placeRoute],
    get,
    post,
    close: opened.close,
    /** Waits until the page says this. */
    untilPage: async (query: string, isIt: (page: LetterPage) => boolean): Promise<LetterPage> => {
      let page: LetterPage | undefined;
      await until(`a page of ${query}`, async () => {
        page = (await get(`/api/dead-letters?${query}`)).value as LetterPage;
        return page.countedAtMs !== null && isIt(page);
      });
      if (page === undefined) throw new Error('no page');
      return page;
    },
    /** Waits until the job says this. */
    untilJob: async (isIt: (job: Job) => boolean, timeoutMs = 20_000): Promise<Job> => {
      let job: Job | undefined;
      await until(
        'a job',
        async () => {
          job = (await get('/api/jobs')).value as Job;
          return isIt(job);
        },
        timeoutMs,
      );
      if (job === undefined) throw new Error('no job');
      return job;
    },
  };
};

/** The whole filter of a request. */
export const filterOf = (changes: Record<string, string> = {}) => ({
  by: 'filter',
  atMs: Date.now(),
  filter: changes,
});

/**
 * A dead letter `invalid`, as a schema of earlier told it. Today's schema accepts its order, unless the body
 * says otherwise. It was published a minute ago, each at its own time.
 */
export const refusedOrder = (
  orderId: number,
  changes: Partial<DeadLetter> = {},
  body: Record<string, unknown> = {},
): DeadLetter => {
  const topic: InputTopic = 'orders_data';
  const payload = Buffer.from(JSON.stringify(orderBody(orderId, body)));
  const publishedAtMs = MINUTE_AGO_MS + orderId;
  const id = eventIdOf(topic, publishedAtMs, payload);
  return {
    reason: 'invalid',
    error: `price: expected a number, got a string of ${String(orderId).length} characters`,
    id,
    sinceMs: publishedAtMs,
    toldBy: id,
    publishedAtMs,
    originTopic: topic,
    originMessageId: '1',
    recordedAtMs: publishedAtMs,
    payload,
    payloadBytes: payload.byteLength,
    payloadSha256: undefined,
    isRedacted: false,
    redriveCount: 0,
    orderId: BigInt(orderId),
    paymentId: undefined,
    ...changes,
  };
};

const MINUTE_AGO_MS = Date.now() - 60_000;
