/**
 * The lines of an order in Cloud Logging. Each line of a message about the order says what became of it, and
 * what was told. `17n` → `jsonPayload.message="message settled" AND jsonPayload.order_id="17"`.
 */
export const orderLogQuery = (orderId: bigint): string =>
  `jsonPayload.message="message settled" AND jsonPayload.order_id="${orderId}"`;

/**
 * The same where functions log into files. `(17n, 'logs/*.log')` → `grep -h '"order_id":"17"' logs/*.log`.
 * @param files as a shell takes them.
 */
export const orderLogCommand = (orderId: bigint, files: string): string =>
  `grep -h '"order_id":"${orderId}"' ${files}`;
