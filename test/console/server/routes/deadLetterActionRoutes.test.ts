import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { TransientError } from '../../../../shared/errors.ts';
import { formatPlace } from '../../../../shared/domain/deadLetterPlace.ts';
import { deadLetterKeyOf } from '../../../../shared/domain/deadLetter.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { openDeadLetterWorld, refusedOrder } from '../../../support/console/deadLetterWorld.ts';
import { orderBody } from '../../../support/messages/bodies.ts';

describe('an edit of a dead letter', () => {
  const letter = refusedOrder(7);
  const place = formatPlace({ ...deadLetterKeyOf(letter), reason: letter.reason });
  const setUp = async (publish: () => Promise<string>) => {
    const store = createMemoryStore();
    await store.recordDeadLetter(letter);
    const world = openDeadLetterWorld({ store, publisher: { publish } });
    onTestFinished(world.close);
    const edit = () =>
      world.post('/api/dead-letters/edit', { place, text: JSON.stringify(orderBody(7)), because: '' });
    return { store, edit };
  };

  it('that Pub/Sub did not confirm may have been sent, and may be sent again', async () => {
    const { edit } = await setUp(async () => {
      throw new TransientError('publish to orders_data was not confirmed');
    });

    expect(await edit()).toEqual({
      status: 503,
      value: {
        error:
          'publish to orders_data was not confirmed, so it may have been sent: send the very same copy again, which adds nothing',
      },
    });
  });

  it('that was sent and could not be noted says that it was sent', async () => {
    const { store, edit } = await setUp(async () => '42');
    vi.spyOn(store, 'recordAction').mockRejectedValue(new TransientError('the store did not answer'));

    expect(await edit()).toEqual({
      status: 503,
      value: {
        error:
          'the copy was sent as message 42, and that could not be noted: send the very same copy again, which adds nothing',
      },
    });
  });
});
