import type { LargeBody } from '../masking/cutBody.ts';

/** A message as Pub/Sub delivered it, by push or by pull. It is decoded, and not yet interpreted. */
export interface ReceivedMessage {
  /** `projects/<project>/subscriptions/<name>` */
  readonly subscription: string;
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly publishTimeMs: number;
  /** Its bytes. A body that is too large to be read as an order or a payment is decoded in pieces. */
  readonly data: Uint8Array | LargeBody;
  readonly attributes: Readonly<Record<string, string>>;
  /** 1 on the first delivery. Undefined when the subscription has no dead-letter policy. */
  readonly deliveryAttempt: number | undefined;
}
