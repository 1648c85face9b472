import { PUBLISH_TIMEOUT_MS } from '../shared/messaging/publisher.ts';
import { HANDLE_TIMEOUT_MS } from '../shared/messaging/pushEndpoint.ts';
import { ACK_DEADLINE_SECONDS } from '../shared/topology.ts';

/** The platform ends a consumer's request before Pub/Sub stops waiting for it, and after the endpoint has answered 503. */
export const CONSUMER_TIMEOUT_SECONDS = ACK_DEADLINE_SECONDS - 2;

if (CONSUMER_TIMEOUT_SECONDS * 1000 <= HANDLE_TIMEOUT_MS + PUBLISH_TIMEOUT_MS) {
  throw new Error('a consumer’s timeout must leave the endpoint the time to answer by itself');
}

/** An instance with more than one request at a time needs a whole CPU. */
export const CPU = '1';
/** Measured: 80 MB after its start, 350 MB with 80 small messages at a time, 800 MB with 80 of almost 1 MB at a time. */
export const CONSUMER_MEMORY = '1Gi';
/** The plan of 100,000 orders. */
export const SIMULATOR_MEMORY = '1Gi';
/** A run may take nine minutes: `RUN_SECONDS_MAX`, and its answer. */
export const SIMULATOR_TIMEOUT_SECONDS = 600;
/** One at a time: a run fills its instance. */
export const SIMULATOR_INSTANCES_MAX = 2;
/** A page of each table, and what looks broken: it does not grow with the tables. */
export const AUDIT_MEMORY = '512Mi';
