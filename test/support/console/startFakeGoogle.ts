import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A series, as much of it as Tally reads: the labels by which it was grouped, and its newest value. */
interface FakeSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** int64 where true, as the gauges of Pub/Sub are. */
  readonly isInt?: boolean;
  readonly endTime?: string;
}

interface FakeAnswer {
  readonly status: number;
  readonly body: string;
}

export interface FakeGoogle {
  readonly url: string;
  /** By the last part of the metric's type. A metric without series has no `timeSeries` in its answer. */
  readonly series: Map<string, readonly FakeSeries[]>;
  /** Newest first, as `timestamp desc` asks for. */
  readonly entries: { readonly timestamp: string; readonly jsonPayload: unknown }[];
  /** So many pages of entries come first that have none, as after a search that ran out of time. */
  emptyPages: number;
  /** Replaces every answer. */
  answer: FakeAnswer | undefined;
  readonly asked: {
    readonly method: string;
    readonly url: URL;
    readonly body: unknown;
    readonly token: string;
  }[];
  readonly stop: () => Promise<void>;
}

export const NEWEST = '2026-01-01T09:58:00Z';

/**
 * Answers as Cloud Monitoring's `timeSeries.list` and Cloud Logging's `entries.list` are documented to.
 * Nobody has compared it with Google's own.
 */
export const startFakeGoogle = async (): Promise<FakeGoogle> => {
  const asked: { method: string; url: URL; body: unknown; token: string }[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', fake.url);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    asked.push({ method: request.method ?? '', url, body, token: request.headers.authorization ?? '' });
    const { status, body: sent } = fake.answer ?? answerTo(fake, url, body);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(sent);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const fake: FakeGoogle = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    series: new Map(),
    entries: [],
    emptyPages: 0,
    answer: undefined,
    asked,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return fake;
};

const answerTo = (fake: FakeGoogle, { pathname, searchParams }: URL, body: unknown): FakeAnswer => {
  if (pathname === '/v2/entries:list') return ok(pageOf(fake, Object(body)));
  const { series } = fake;
  const metric = /metric\.type="[^"]*\/([\w]+)"/.exec(searchParams.get('filter') ?? '')?.[1] ?? '';
  const found = series.get(metric);
  return ok(found === undefined ? {} : { timeSeries: found.map(toSeries), unit: '1' });
};

interface ListRequest {
  readonly pageSize: number;
  readonly pageToken?: string;
}

/** A token is the number of the page. An answer without entries has no `entries`. */
const pageOf = ({ entries, emptyPages }: FakeGoogle, { pageSize, pageToken = '0' }: ListRequest): object => {
  const page = Number(pageToken);
  const start = (page - emptyPages) * pageSize;
  const isLast = start + pageSize >= entries.length;
  const found = start < 0 ? [] : entries.slice(start, start + pageSize);
  return {
    ...(found.length === 0 ? {} : { entries: found }),
    ...(isLast ? {} : { nextPageToken: String(page + 1) }),
  };
};

const ok = (value: object): FakeAnswer => ({ status: 200, body: JSON.stringify(value) });

const METRIC_LABELS = ['response_class', 'outcome'];

const toSeries = ({ labels, value, isInt = false, endTime = NEWEST }: FakeSeries) => {
  const entries = Object.entries(labels);
  return {
    metric: {
      type: 'any',
      labels: Object.fromEntries(entries.filter(([name]) => METRIC_LABELS.includes(name))),
    },
    resource: {
      type: 'any',
      labels: Object.fromEntries(entries.filter(([name]) => !METRIC_LABELS.includes(name))),
    },
    metricKind: 'GAUGE',
    valueType: isInt ? 'INT64' : 'DOUBLE',
    points: [
      {
        interval: { startTime: endTime, endTime },
        value: isInt ? { int64Value: String(value) } : { doubleValue: value },
      },
      { interval: { endTime: '2026-01-01T09:57:00Z' }, value: { doubleValue: 999 } },
    ],
  };
};
