import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../../shared/store/schema.ts';

describe('the schema that the code needs', () => {
  it('is every file of cql/', () => {
    const names = readdirSync(join(import.meta.dirname, '../../../shared/store/cql'));
    const files = names.filter((name) => name.endsWith('.cql')).toSorted();

    expect(files).toEqual(MIGRATIONS);
  });
});
