/** An order as it was published. Ids are 64-bit integers. The price is a float, as in the reference. */
export interface Order {
  readonly orderId: bigint;
  /** Undefined for a guest, and after an erasure. */
  readonly customerId: bigint | undefined;
  readonly item: string;
  readonly quantity: bigint;
  readonly price: number;
  /** Undefined only after an erasure. */
  readonly shippingAddress: string | undefined;
  readonly orderStatus: string;
  /** The producer's own text, never parsed as a time. */
  readonly creationDate: string;
}

/** The order without what an erasure takes away: the columns that say who bought it. */
export const eraseOrder = (order: Order): Order => ({
  ...order,
  customerId: undefined,
  shippingAddress: undefined,
});
