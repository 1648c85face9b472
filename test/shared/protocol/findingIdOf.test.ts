import { describe, expect, it } from 'vitest';
import { findingIdOf } from '../../../shared/protocol/findingIdOf.ts';

const CONFLICT = { reason: 'conflict', ids: ['1001', '2002'] } as const;

describe('the identity of a finding', () => {
  it('is the start of a SHA-256 over order, reason and ids, the same for ever', () => {
    // printf '1\nconflict\n1001\n2002' | sha256sum
    expect(findingIdOf(1n, CONFLICT)).toBe('f709bd0c562a5756c7517d0eebb398ee');
  });

  it('differs by order, by reason and by ids', () => {
    const ids = [
      findingIdOf(1n, CONFLICT),
      findingIdOf(2n, CONFLICT),
      findingIdOf(1n, { ...CONFLICT, reason: 'changed' }),
      findingIdOf(1n, { ...CONFLICT, ids: ['1001'] }),
      findingIdOf(1n, { ...CONFLICT, ids: ['10012002'] }),
      findingIdOf(1n, { ...CONFLICT, ids: [] }),
    ];

    expect(new Set(ids).size).toBe(ids.length);
  });
});
