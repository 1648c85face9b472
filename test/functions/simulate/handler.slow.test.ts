import { describe, expect, it, vi } from 'vitest';
import { recorder, serveSimulate } from '../../support/functions/serveSimulate.ts';

describe('POST simulate', () => {
  // The answer must be more than the buffers of two sockets hold.
  it('stops answering when the client goes away in the middle of the answer', async () => {
    const { post, lines } = await serveSimulate(recorder().publish);
    const controller = new AbortController();

    const response = await post({ preset: 'shop', orders: 100_000 }, { signal: controller.signal });
    controller.abort();

    await expect(response.text()).rejects.toThrow('aborted');
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    expect(lines[0]).toMatchObject({ message: 'simulation finished', outcome: 'abandoned' });
  });
});
