/** An order as it was published. Money is the reference's own float; ids are 64-bit. */
export interface Order {
  readonly orderId: bigint;
  readonly customerId: bigint;
  readonly item: string;
  readonly quantity: bigint;
  readonly price: number;
  readonly shippingAddress: string;
  readonly orderStatus: string;
  /** Opaque text: the producer's own, never parsed as a time. */
  readonly creationDate: string;
}
