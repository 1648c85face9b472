/**
 * An instance that handles more than one request at a time needs a whole CPU:
 * https://cloud.google.com/run/docs/configuring/services/cpu
 */
export const CPU = '1';
/** We measured 110 MB after the start, and at most 460 MB with 80 messages of 1 or 10 MB at the same time. */
export const CONSUMER_MEMORY = '1Gi';
/** Enough for a run of 100,000 orders. */
export const SIMULATOR_MEMORY = '1Gi';
/** An instance runs one request at a time, so this is also the number of runs at the same time. */
export const SIMULATOR_INSTANCES_MAX = 2;
/**
 * The audit holds a page of each table and the rows that look broken, so it does not grow with the tables.
 */
export const AUDIT_MEMORY = '512Mi';
/**
 * A grant works after two minutes, typically: https://cloud.google.com/iam/docs/access-change-propagation.
 * A build that starts before fails.
 */
export const GRANTS_WORK_AFTER_SECONDS = 120;
/** The commands of a person on call. An audit by hand takes the most: it holds a page of each table. */
export const COMMAND_MEMORY = '1Gi';
/** An audit of a large keyspace takes hours. A command that hangs ends after a day. */
export const COMMAND_TIMEOUT_SECONDS = 24 * 60 * 60;
/** What a command printed may hold a customer's address, so it does not stay. */
export const COMMAND_OUTPUT_KEPT_DAYS = 1;
