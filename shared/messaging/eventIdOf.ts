import { hash } from 'node:crypto';
import { EVENT_ID_HEX_DIGITS } from '../domain/isEventId.ts';
import type { InputTopic } from '../topology.ts';

/**
 * The identity of an event: the first 128 bits of a SHA-256, in hex. The hash is taken over the origin topic,
 * the first publish time in milliseconds, and the bytes as the first masking rule masks them (`idData` of
 * `maskBody`). The message id is not part of it, because a copy that Pub/Sub forwards gets a new one.
 * `('orders_data', 0, Buffer.from('{}'))` → `'8a1608b5055a0218def40b933995e48d'`.
 */
export const eventIdOf = (origin: InputTopic, publishedAtMs: number, data: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${origin}\n${publishedAtMs}\n`), data])).slice(
    0,
    EVENT_ID_HEX_DIGITS,
  );
