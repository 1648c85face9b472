import { TOPIC_RETENTION_SECONDS } from '../shared/topology.ts';

/**
 * What events cost on Google Cloud, from what the same run of the bench has counted and measured. Cassandra
 * and logs are left out: they depend on who runs them.
 */

/** Dollars. Read on 2026-11-28, for tier 1 regions, without free tiers and discounts. */
const PRICES = {
  /** https://cloud.google.com/pubsub/pricing: for each TiB that is published or delivered. */
  pubsubTiB: 40,
  /** The same page: each publish, push or pull request counts as so many bytes at least. */
  pubsubRequestBytesMin: 1_000,
  /**
   * The same page: for each GiB and month that a topic keeps. A subscription keeps no acked message here, and
   * one that waits is free for a day, so nothing else is stored.
   */
  pubsubStoredGibMonth: 0.27,
  /** https://cloud.google.com/run/pricing: services that are billed for their requests. */
  requestsMillion: 0.4,
  requestVcpuSecond: 0.000_024,
  requestGibSecond: 0.000_002_5,
  /**
   * The same page: services that are billed for their instances. Worker pools cost less than these; their own
   * prices were not available, so the worker is counted too high.
   */
  instanceVcpuSecond: 0.000_018,
  instanceGibSecond: 0.000_002,
} as const;

const TIB = 2 ** 40;
const GIB = 2 ** 30;
const MILLION = 1e6;
const SECONDS_PER_MONTH = 30 * 24 * 60 * 60;
/** The topics keep each message for so long, acked or not. */
const MONTHS_KEPT = TOPIC_RETENTION_SECONDS / SECONDS_PER_MONTH;
/** An autoscaler keeps an instance about this busy. */
const BUSY_SHARE = 0.6;
/** Each consumer has this much, by push and in the worker. */
const MEMORY_GIB = 1;
/** A request that is alone on its instance is billed for at least this long. */
const REQUEST_SECONDS_MIN = 0.1;
/** Functions that share the events; each keeps an instance while there is steady traffic. */
const FUNCTIONS = 2;
/** Messages that a producer puts into one publish request. */
const PUBLISH_BATCH = 100;
/** One worker instance does not handle so many events a second. */
const RATE_MAX = 1_000;
/** Enough for all digits of a rate. */
const HALVINGS = 60;
/** What Pub/Sub adds to a message: its time and its id. */
const ENVELOPE_BYTES = 40;

/** What the bench knows of one event. */
export interface EventCost {
  /** CPU of the consumers in seconds. */
  readonly pushCpuSeconds: number;
  readonly pullCpuSeconds: number;
  readonly messageBytes: number;
  /** Bytes of the dead letter of an early payment, with its attributes. */
  readonly deadLetterBytes: number;
}

/** Ways to run the consumers. The last two were rejected. */
export const DESIGNS = [
  'push, billed for requests',
  'push, billed for instances',
  'worker',
  'rejected: one request at a time on an instance',
  'rejected: early payments are nacked, ten times each',
] as const;
type Design = (typeof DESIGNS)[number];

interface Load {
  readonly perSecond: number;
  /** The share of payments that come before their order; half of the events are payments. */
  readonly early: number;
}

/** Dollars for a million events. */
export const costPerMillion = (design: Design, event: EventCost, { perSecond, early }: Load): number => {
  const isPull = design === 'worker';
  const earlyEvents = early / 2;
  const isNacked = design === 'rejected: early payments are nacked, ten times each';
  // An early payment becomes a second message; or it is delivered again.
  const deliveries = 1 + earlyEvents * (isNacked ? 10 : 1);
  const messageBytes = event.messageBytes + ENVELOPE_BYTES;
  const deadLetterBytes = event.deadLetterBytes + ENVELOPE_BYTES;
  const told = isNacked ? 0 : earlyEvents;
  const published = bytesOfRequest(messageBytes, PUBLISH_BATCH) + told * bytesOfRequest(deadLetterBytes, 1);
  const delivered = deliveries * bytesOfRequest(messageBytes, isPull ? PUBLISH_BATCH : 1);
  const cpuSeconds = deliveries * (isPull ? event.pullCpuSeconds : event.pushCpuSeconds);
  const moved = ((published + delivered) / TIB) * PRICES.pubsubTiB;
  const stored = ((messageBytes + told * deadLetterBytes) / GIB) * PRICES.pubsubStoredGibMonth * MONTHS_KEPT;
  return MILLION * (moved + stored + computeOf(design, { perSecond, deliveries, cpuSeconds }));
};

/** The bytes that Pub/Sub counts for a message that shares a request with others. */
const bytesOfRequest = (bytes: number, together: number): number =>
  Math.max(bytes, PRICES.pubsubRequestBytesMin / together);

interface Work {
  readonly perSecond: number;
  readonly deliveries: number;
  readonly cpuSeconds: number;
}

/** Dollars of computing for one event. */
const computeOf = (design: Design, { perSecond, deliveries, cpuSeconds }: Work): number => {
  const requestRate = PRICES.requestVcpuSecond + MEMORY_GIB * PRICES.requestGibSecond;
  const instanceRate = PRICES.instanceVcpuSecond + MEMORY_GIB * PRICES.instanceGibSecond;
  const fee = (deliveries * PRICES.requestsMillion) / MILLION;
  const busySeconds = cpuSeconds / BUSY_SHARE;
  const alone = deliveries * REQUEST_SECONDS_MIN;
  switch (design) {
    case 'worker':
      return instanceRate * Math.max(busySeconds, 1 / perSecond);
    case 'push, billed for instances':
      return instanceRate * Math.max(busySeconds, FUNCTIONS / perSecond);
    case 'rejected: one request at a time on an instance':
      return fee + requestRate * alone;
    case 'push, billed for requests':
    case 'rejected: early payments are nacked, ten times each':
      // Requests that overlap share the time of their instance.
      return fee + requestRate * Math.max(busySeconds, Math.min(alone, FUNCTIONS / perSecond));
  }
};

/** Dollars a month at a steady rate. */
export const costPerMonth = (perMillion: number, perSecond: number): number =>
  (perMillion * perSecond * SECONDS_PER_MONTH) / MILLION;

/**
 * Events a second from which the worker costs less than push that is billed for requests. The one pays for an
 * instance at any rate, the other for each request.
 * @param early as in a load.
 */
export const workerIsCheaperFrom = (event: EventCost, early: number): number => {
  const isCheaper = (perSecond: number): boolean =>
    costPerMillion('worker', event, { perSecond, early }) <
    costPerMillion('push, billed for requests', event, { perSecond, early });
  let [low, high] = [0, RATE_MAX];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (low + high) / 2;
    if (isCheaper(middle)) high = middle;
    else low = middle;
  }
  return high;
};
