/** A payment as it was published. It carries no amount. */
export interface Payment {
  readonly paymentId: bigint;
  readonly orderId: bigint;
  readonly paymentMethod: string;
  readonly cardLastFour: string;
  readonly paymentStatus: string;
  /** Opaque text: the reference sends impossible times in 95% of its payments. */
  readonly paymentDatetime: string;
}

/** Whether two payments say the same thing, so that one is a repeat of the other and not a change of it. */
export const isSamePayment = (a: Payment, b: Payment): boolean =>
  a.paymentId === b.paymentId &&
  a.orderId === b.orderId &&
  a.paymentMethod === b.paymentMethod &&
  a.cardLastFour === b.cardLastFour &&
  a.paymentStatus === b.paymentStatus &&
  a.paymentDatetime === b.paymentDatetime;
