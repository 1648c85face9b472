import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBody } from '../../cli/readBody.ts';

const BYTES_MAX = 10_000_000;

describe('the body in a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tally-body-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const fileWith = async (body: Uint8Array): Promise<string> => {
    const path = join(folder, 'body.json');
    await writeFile(path, body);
    return path;
  };

  it.for([
    ['text', Buffer.from('{"order_id": 1}\n')],
    ['bytes that are not UTF-8', Buffer.from([0xff, 0x00, 0x41])],
    ['as many bytes as Pub/Sub takes', Buffer.alloc(BYTES_MAX, 'x')],
  ] as const)('is read byte for byte: %s', async ([, body]) => {
    const read = await readBody(await fileWith(body));

    expect(read.equals(body)).toBe(true);
  });

  it('is refused when it is empty, because Pub/Sub refuses that too', async () => {
    const path = await fileWith(Buffer.alloc(0));

    await expect(readBody(path)).rejects.toThrow(`${path} is empty: expected a JSON object`);
  });

  it('is refused when Pub/Sub would not take it, however large it is', async () => {
    const path = await fileWith(Buffer.alloc(BYTES_MAX + 1, 'x'));

    await expect(readBody(path)).rejects.toThrow('is too large: Pub/Sub takes at most 10000000 bytes');
    await expect(readBody('/dev/zero')).rejects.toThrow('/dev/zero is too large');
  });

  it('is missed by its path, with the cause', async () => {
    const path = join(folder, 'missing.json');

    await expect(readBody(path)).rejects.toThrow(
      expect.objectContaining({
        message: `cannot read ${path}`,
        cause: expect.objectContaining({ code: 'ENOENT' }) as unknown,
      }),
    );
    await expect(readBody(folder)).rejects.toThrow(`cannot read ${folder}`);
  });
});
