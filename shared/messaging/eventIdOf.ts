import { hash } from 'node:crypto';
import type { InputTopic } from '../topology.ts';

const EVENT_ID_HEX_DIGITS = 32;

/**
 * An event's identity: the first 128 bits of SHA-256 over its origin topic, its first publish time in milliseconds and
 * its bytes (masked, see `maskBody`). The message id is left out on purpose: a copy that Pub/Sub forwards gets a new one.
 */
export const eventIdOf = (origin: InputTopic, publishedAtMs: number, data: Uint8Array): string =>
  hash('sha256', Buffer.concat([Buffer.from(`${origin}\n${publishedAtMs}\n`), data])).slice(
    0,
    EVENT_ID_HEX_DIGITS,
  );
