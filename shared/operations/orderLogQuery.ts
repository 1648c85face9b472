/**
 * The lines of an order in Cloud Logging. Each line of a message about the order says what became of it, and
 * what was told. `17n` → `jsonPayload.message="message settled" AND jsonPayload.order_id="17"`.
 */
export const orderLogQuery = (orderId: bigint): string =>
  `jsonPayload.message="message settled" AND jsonPayload.order_id="${orderId}"`;
