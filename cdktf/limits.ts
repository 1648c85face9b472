/** An instance with more than one request at a time needs a whole CPU. */
export const CPU = '1';
/** Measured: 80 MB after its start, 350 MB with 80 small messages at a time, 800 MB with 80 of almost 1 MB at a time. */
export const CONSUMER_MEMORY = '1Gi';
/** The plan of 100,000 orders. */
export const SIMULATOR_MEMORY = '1Gi';
/** One at a time: a run fills its instance. */
export const SIMULATOR_INSTANCES_MAX = 2;
/** A page of each table, and what looks broken: it does not grow with the tables. */
export const AUDIT_MEMORY = '512Mi';
