/** The topics whose messages are listed. */
export const TOPICS: readonly string[] = ['orders_data', 'payments_data'];
