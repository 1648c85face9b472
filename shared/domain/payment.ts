/** A payment as it was published. It carries no amount. */
export interface Payment {
  readonly paymentId: bigint;
  readonly orderId: bigint;
  readonly paymentMethod: string;
  /** Undefined for a payment without a card, and after an erasure. */
  readonly cardLastFour: string | undefined;
  readonly paymentStatus: string;
  /**
   * The producer's own text, never parsed as a time: 95% of the reference's payments have impossible times.
   */
  readonly paymentDatetime: string;
}

/** The payment without what an erasure takes away: the digits of its card. */
export const erasePayment = (payment: Payment): Payment => ({ ...payment, cardLastFour: undefined });
