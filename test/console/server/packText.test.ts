import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chooseEncoding, packText } from '../../../console/server/packText.ts';

describe('a packed text', () => {
  it('is the same text in each encoding', async () => {
    const text = 'ledger € '.repeat(100);

    const { br, gzip } = await packText(text);

    expect(brotliDecompressSync(br).toString()).toBe(text);
    expect(gunzipSync(gzip).toString()).toBe(text);
    expect(br.byteLength).toBeLessThan(gzip.byteLength);
  });

  it.for<[string | undefined, 'br' | 'gzip' | undefined]>([
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0.1, gzip', 'br'],
    ['BR', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['br; q=0.000,gzip ; q=1.0', 'gzip'],
    ['gzip', 'gzip'],
    ['brotli, x-gzip', undefined],
    ['gzip;q=many', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('for %j is %j', ([accepted, encoding]) => {
    expect(chooseEncoding(accepted)).toBe(encoding);
  });
});
