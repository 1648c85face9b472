import { expect, it } from 'vitest';
import { findLetter, PAYLOAD_BYTES_SHOWN_MAX } from '../../../../console/server/deadLetters/findLetter.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { deadLetterRow } from '../../../support/messages/records.ts';

it('makes no card number of a longer one when it cuts a payload', async () => {
  const row = deadLetterRow(1, { orderId: undefined });
  const payload = Buffer.from(`${'x'.repeat(PAYLOAD_BYTES_SHOWN_MAX - 16)}41111111111111112345`);
  const store = {
    ...createMemoryStore(),
    findDeadLetters: async () => [row],
    findPayload: async () => payload,
    findActions: async () => [],
  };

  const letter = await findLetter(store, { lookAt: async () => {} }, row);

  expect(letter?.payload).toMatchObject({ isShortened: true, isMasked: true });
  expect(letter?.payload.text).toHaveLength(PAYLOAD_BYTES_SHOWN_MAX);
  expect(letter?.payload.text).not.toContain('4111111111111111');
});
