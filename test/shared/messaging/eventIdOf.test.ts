import { describe, expect, it } from 'vitest';
import { eventIdOf } from '../../../shared/messaging/eventIdOf.ts';
import { orderBytes } from '../../../proof/referenceMessages.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';

describe('eventIdOf', () => {
  it('is the start of a SHA-256 over topic, milliseconds and bytes, the same for ever', () => {
    const id = eventIdOf('orders_data', PUBLISHED_AT_MS, Buffer.from('{}'));

    // printf 'orders_data\n1705831200123\n{}' | sha256sum
    expect(id).toBe('8d4d39ddfc0a7a6a24a3d2702b267e77');
  });

  it('differs by topic, by millisecond and by byte', () => {
    const ids = [
      eventIdOf('orders_data', PUBLISHED_AT_MS, orderBytes()),
      eventIdOf('payments_data', PUBLISHED_AT_MS, orderBytes()),
      eventIdOf('orders_data', PUBLISHED_AT_MS + 1, orderBytes()),
      eventIdOf('orders_data', PUBLISHED_AT_MS, orderBytes({ quantity: '3' })),
      eventIdOf('orders_data', PUBLISHED_AT_MS, Buffer.from('')),
    ];

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('does not confuse the end of the time with the start of the body', () => {
    expect(eventIdOf('orders_data', 1, Buffer.from('2'))).not.toBe(
      eventIdOf('orders_data', 12, Buffer.from('')),
    );
  });
});
