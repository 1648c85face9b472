import { nameIn, SERVICE_NAME, SUBSCRIPTIONS, TOPICS, type ConsumerFunction } from '../../shared/topology.ts';
import type { EdgeFigures, Figures } from '../contract.ts';
import { cloudQueries } from './cloudQueries.ts';
import type { GoogleApi } from './googleApi.ts';
import { readNewest, type SeriesPoint } from './readNewest.ts';

/** What Cloud Monitoring says. Each metric is of one moment. What it does not know is null. */
export interface CloudFigures {
  readonly figures: Figures;
  readonly edges: EdgeFigures;
  /** The moments of the metrics that come each minute: the oldest and the newest. Null: none has come. */
  readonly oldestAtMs: number | null;
  readonly newestAtMs: number | null;
}

interface CloudPlace {
  readonly api: GoogleApi;
  readonly project: string;
  readonly environment: string | undefined;
  /** Google's own when left out. */
  readonly baseUrl?: string;
}

const CONSUMERS: readonly ConsumerFunction[] = ['onOrder', 'onPayment', 'onDlq'];

/**
 * Reads all figures once: eight requests, one after the other.
 * @throws GoogleApiError
 */
export const readCloudFigures = async (
  { api, project, environment, baseUrl = 'https://monitoring.googleapis.com' }: CloudPlace,
  nowMs: number,
): Promise<CloudFigures> => {
  const queries = cloudQueries(environment);
  const read = (id: keyof typeof queries) => readNewest({ api, baseUrl, project }, queries[id], nowMs);
  const published = await read('published');
  const backlog = await read('backlog');
  const oldest = await read('oldest');
  const pushes = await read('pushes');
  const acks = await read('acks');
  const forwarded = await read('forwarded');
  const latencies = await read('latencies');
  const outcomes = await read('outcomes');
  const deliveries = pushes.length > 0 ? pushes : acks;
  const delivered = deliveriesOf(deliveries, environment);
  const moments = [published, backlog, oldest, deliveries, latencies, outcomes].flatMap((points) =>
    points.map(({ atMs }) => atMs),
  );
  return {
    oldestAtMs: moments.length === 0 ? null : Math.min(...moments),
    newestAtMs: moments.length === 0 ? null : Math.max(...moments),
    figures: {
      published: rate(sumOf(of(published, 'topic_id', inputTopics(environment)))),
      acked: rate(sumOf(delivered.filter(({ isAck, isInput }) => isAck && isInput))),
      matched: rate(sumOf(of(outcomes, 'outcome', ['matched']))),
      retries: rate(sumOf(of(outcomes, 'outcome', ['retry']))),
      outcomes: Object.fromEntries(outcomes.map(({ labels, value }) => [labels['outcome'] ?? '', value])),
      endToEnd: null,
    },
    edges: {
      topics: Object.fromEntries(
        TOPICS.map((topic) => [
          topic,
          { perSecond: sumOf(of(published, 'topic_id', [nameIn(environment, topic)])) },
        ]),
      ),
      subscriptions: Object.fromEntries(
        SUBSCRIPTIONS.map(({ name }) => {
          const ofThis = (points: readonly SeriesPoint[]): number | null =>
            sumOf(of(points, 'subscription_id', [nameIn(environment, name)]));
          const [age] = of(oldest, 'subscription_id', [nameIn(environment, name)]);
          return [
            name,
            {
              perSecond: sumOf(delivered.filter(({ subscription }) => subscription === name)),
              backlog: ofThis(backlog),
              // Without a message that waits, the age is 0.
              oldestMs: age === undefined || age.value === 0 ? null : age.atMs - age.value * 1_000,
              forwarded: ofThis(forwarded),
            },
          ];
        }),
      ),
      functions: functionsOf(delivered, latencies, environment),
      tables: {},
      redrivesPerSecond: null,
    },
  };
};

/**
 * A push is a call of the function, so what Pub/Sub counts of it is known of the function. Where a worker
 * pulls, only acks are counted, and failures are not known.
 */
const functionsOf = (
  delivered: readonly Deliveries[],
  latencies: readonly SeriesPoint[],
  environment: string | undefined,
): EdgeFigures['functions'] =>
  Object.fromEntries(
    CONSUMERS.map((name) => {
      const ofThis = delivered.filter(({ consumer }) => consumer === name);
      const failed = ofThis.filter(({ isAck, value }) => !isAck && value > 0);
      const service = nameIn(environment, SERVICE_NAME[name]);
      return [
        name,
        {
          perSecond: sumOf(ofThis),
          p95Ms: sumOf(of(latencies, 'service_name', [service])),
          errorsPerSecond: ofThis.some(({ isPush }) => isPush) ? (sumOf(failed) ?? 0) : null,
          fails: failed.toSorted((a, b) => b.value - a.value)[0]?.responseClass ?? null,
          tells: null,
        },
      ];
    }),
  );

const inputTopics = (environment: string | undefined): readonly string[] =>
  SUBSCRIPTIONS.filter(({ topic, origin }) => topic === origin).map(({ topic }) =>
    nameIn(environment, topic),
  );

interface Deliveries {
  readonly subscription: string;
  readonly consumer: ConsumerFunction;
  readonly isInput: boolean;
  /** A pull has none. */
  readonly responseClass: string | undefined;
  readonly isPush: boolean;
  readonly isAck: boolean;
  readonly value: number;
}

const deliveriesOf = (
  points: readonly SeriesPoint[],
  environment: string | undefined,
): readonly Deliveries[] =>
  SUBSCRIPTIONS.flatMap(({ name, consumer, topic, origin }) =>
    of(points, 'subscription_id', [nameIn(environment, name)]).map(({ labels, value }) => {
      const responseClass = labels['response_class'];
      const isPush = responseClass !== undefined;
      const isAck = !isPush || responseClass === 'ack';
      return { subscription: name, consumer, isInput: topic === origin, responseClass, isPush, isAck, value };
    }),
  );

const of = (points: readonly SeriesPoint[], label: string, values: readonly string[]) =>
  points.filter(({ labels }) => values.includes(labels[label] ?? ''));

/** Nothing that is known adds up to null, not to 0. */
const sumOf = (points: readonly { readonly value: number }[]): number | null =>
  points.length === 0 ? null : points.reduce((sum, { value }) => sum + value, 0);

const rate = (perSecond: number | null) => ({ perSecond, total: null });
