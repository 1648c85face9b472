/**
 * An instance that handles more than one request at a time needs a whole CPU:
 * https://cloud.google.com/run/docs/configuring/services/cpu
 */
export const CPU = '1';
/**
 * We measured 80 MB after the start, 350 MB with 80 small messages at a time, and 800 MB with 80 messages of
 * almost 1 MB.
 */
export const CONSUMER_MEMORY = '1Gi';
/** Enough for a run of 100,000 orders. */
export const SIMULATOR_MEMORY = '1Gi';
/** An instance runs one request at a time, so this is also the number of runs at the same time. */
export const SIMULATOR_INSTANCES_MAX = 2;
/**
 * The audit holds a page of each table and the rows that look broken, so it does not grow with the tables.
 */
export const AUDIT_MEMORY = '512Mi';
