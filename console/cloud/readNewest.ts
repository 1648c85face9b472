import * as z from 'zod';
import type { GoogleApi } from './googleApi.ts';
import { GoogleApiError } from './googleApi.ts';

/** Monitoring shows a point some minutes late, so the newest point may be so old. */
const WINDOW_MS = 10 * 60_000;
const PAGES_MAX = 5;
const PAGE_SIZE = 500;

/** What is asked of a metric. Each is one request, because a filter may name one metric. */
export interface SeriesQuery {
  /** In Monitoring's filter language: https://cloud.google.com/monitoring/api/v3/filters. */
  readonly filter: string;
  readonly aligner: 'ALIGN_RATE' | 'ALIGN_MAX' | 'ALIGN_DELTA';
  readonly reducer: 'REDUCE_SUM' | 'REDUCE_MAX' | 'REDUCE_PERCENTILE_95';
  readonly groupBy: readonly string[];
  /** 60 when left out. */
  readonly alignSeconds?: number;
}

/** The point of a series at the newest moment of its metric. */
export interface SeriesPoint {
  /** The labels by which it was grouped, of the resource and of the metric. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The end of the interval that it stands for, in milliseconds since the epoch. */
  readonly atMs: number;
}

const labels = z.record(z.string(), z.string()).default({});
const answerSchema = z.object({
  timeSeries: z
    .array(
      z.object({
        metric: z.object({ labels }).default({ labels: {} }),
        resource: z.object({ labels }).default({ labels: {} }),
        // Newest first.
        points: z
          .array(
            z.object({
              interval: z.object({ endTime: z.iso.datetime({ offset: true }) }),
              // An int64 is a text, as everywhere in Google's JSON.
              value: z.object({ int64Value: z.string().optional(), doubleValue: z.number().optional() }),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
  nextPageToken: z.string().optional(),
});

interface SeriesPlace {
  readonly api: GoogleApi;
  /** Such as `https://monitoring.googleapis.com`. */
  readonly baseUrl: string;
  readonly project: string;
}

/**
 * Reads what the series of a query say of the newest moment that one of them has:
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.timeSeries/list.
 * All series of a metric come equally late. So one without a point of that moment had nothing to count then,
 * and is left out: its older point would be added to rates of another moment.
 * @throws GoogleApiError
 */
export const readNewest = async (
  { api, baseUrl, project }: SeriesPlace,
  query: SeriesQuery,
  nowMs: number,
): Promise<readonly SeriesPoint[]> => {
  const points: SeriesPoint[] = [];
  let pageToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const url = urlOf(`${baseUrl}/v3/projects/${project}/timeSeries`, query, nowMs);
    if (pageToken !== undefined) url.searchParams.set('pageToken', pageToken);
    const { data, error } = answerSchema.safeParse(await api.get(url));
    if (data === undefined) {
      throw new GoogleApiError(
        `Cloud Monitoring’s answer has another form: ${error.issues[0]?.path.join('.')}`,
      );
    }
    for (const series of data.timeSeries) {
      const [newest] = series.points;
      const value = newest?.value.doubleValue ?? Number(newest?.value.int64Value ?? Number.NaN);
      if (newest === undefined || !Number.isFinite(value)) continue;
      points.push({
        labels: { ...series.resource.labels, ...series.metric.labels },
        value,
        atMs: Date.parse(newest.interval.endTime),
      });
    }
    pageToken = data.nextPageToken;
    if (pageToken === undefined || pageToken === '') {
      const newestAtMs = Math.max(...points.map(({ atMs }) => atMs));
      return points.filter(({ atMs }) => atMs === newestAtMs);
    }
  }
  throw new GoogleApiError(`Cloud Monitoring has more than ${PAGES_MAX * PAGE_SIZE} series for one metric`);
};

const urlOf = (
  path: string,
  { filter, aligner, reducer, groupBy, alignSeconds = 60 }: SeriesQuery,
  nowMs: number,
) => {
  const url = new URL(path);
  const windowMs = Math.max(WINDOW_MS, alignSeconds * 1_000);
  const said: readonly (readonly [string, string])[] = [
    ['filter', filter],
    ['interval.startTime', new Date(nowMs - windowMs).toISOString()],
    ['interval.endTime', new Date(nowMs).toISOString()],
    ['aggregation.alignmentPeriod', `${alignSeconds}s`],
    ['aggregation.perSeriesAligner', aligner],
    ['aggregation.crossSeriesReducer', reducer],
    ...groupBy.map((field) => ['aggregation.groupByFields', field] as const),
    ['pageSize', String(PAGE_SIZE)],
  ];
  for (const [name, value] of said) url.searchParams.append(name, value);
  return url;
};
