/** A payment as it was published. It carries no amount. */
export interface Payment {
  readonly paymentId: bigint;
  readonly orderId: bigint;
  readonly paymentMethod: string;
  readonly cardLastFour: string;
  readonly paymentStatus: string;
  /**
   * The producer's own text, never parsed as a time: 95% of the reference's payments have impossible times.
   */
  readonly paymentDatetime: string;
}

/** Whether two payments are equal in every field. Then one repeats the other and does not change it. */
export const isSamePayment = (a: Payment, b: Payment): boolean =>
  a.paymentId === b.paymentId &&
  a.orderId === b.orderId &&
  a.paymentMethod === b.paymentMethod &&
  a.cardLastFour === b.cardLastFour &&
  a.paymentStatus === b.paymentStatus &&
  a.paymentDatetime === b.paymentDatetime;
