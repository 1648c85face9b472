/** An order as it was published. Ids are 64-bit integers. The price is a float, as in the reference. */
export interface Order {
  readonly orderId: bigint;
  readonly customerId: bigint;
  readonly item: string;
  readonly quantity: bigint;
  readonly price: number;
  readonly shippingAddress: string;
  readonly orderStatus: string;
  /** The producer's own text, never parsed as a time. */
  readonly creationDate: string;
}
