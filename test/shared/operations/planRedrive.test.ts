import { describe, expect, it } from 'vitest';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import { eventIdOf } from '../../../shared/messaging/eventIdOf.ts';
import { toIncomingEvent } from '../../../shared/messaging/toIncomingEvent.ts';
import { planRedrive, REDRIVES_MAX } from '../../../shared/operations/planRedrive.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
import { receivedMessage, subscription } from '../../support/messages/builders.ts';
import { PUBLISHED_AT_MS } from '../../support/messages/domain.ts';
import { deadLetterAction, deadLetterRow } from '../../support/messages/records.ts';

const PAYLOAD = Buffer.from('{"payment_id": 1, "note": "4111 1111 1111 1111"}');
const MASKED = maskBody(PAYLOAD);
const EVENT_ID = eventIdOf('payments_data', PUBLISHED_AT_MS, MASKED.idData);

const rowOf = (changes: Partial<DeadLetterRow> = {}): DeadLetterRow =>
  deadLetterRow(0, { id: EVENT_ID, toldBy: EVENT_ID, isRedacted: true, ...changes });

describe('a redrive', () => {
  it('publishes the same event again: its bytes, its id, its first publish time and message id', () => {
    const plan = planRedrive(rowOf(), MASKED.data, []);

    if (plan.kind !== 'send') throw new Error('expected a message');
    expect(plan).toMatchObject({ topic: 'payments_data', redrives: 1 });
    const { data, attributes = {} } = plan.message;
    const again = toIncomingEvent(
      receivedMessage({ data, attributes, messageId: '9', publishTimeMs: PUBLISHED_AT_MS + 86_400_000 }),
      subscription('payments_data-sub'),
    );
    expect(again).toMatchObject({
      eventId: EVENT_ID,
      publishedAtMs: PUBLISHED_AT_MS,
      originMessageId: '17',
      redriveCount: 1,
      isRedacted: true,
      carrier: { kind: 'input' },
    });
  });

  it('of a finding puts back the event that told it', () => {
    expect(planRedrive(rowOf({ id: 'c'.repeat(32), reason: 'conflict' }), MASKED.data, []).kind).toBe('send');
  });

  it.each([
    [0, [], 1],
    [2, [], 3],
    [0, [deadLetterAction({ redrives: 4 }), deadLetterAction({ redrives: 3 })], 5],
    [REDRIVES_MAX - 1, [], REDRIVES_MAX],
    [6, [deadLetterAction({ redrives: 4 }), deadLetterAction({ kind: 'edited', redrives: undefined })], 7],
  ])('after %i that came back and %j is number %i', (redriveCount, actions, redrives) => {
    expect(planRedrive(rowOf({ redriveCount }), MASKED.data, actions)).toMatchObject({ redrives });
  });

  it.each([
    ['was cut', { payloadSha256: 'abc' }, MASKED.data, [], 'its payload was cut'],
    ['was erased', {}, new Uint8Array(), [deadLetterAction({ kind: 'erased' })], 'its payload was erased'],
    ['is not what was published', {}, Buffer.from('{}'), [], 'its payload is not what was published'],
    [
      'has another publish time',
      { publishedAtMs: 1 },
      MASKED.data,
      [],
      'its payload is not what was published',
    ],
    ['is of no topic', { originTopic: 'toString' }, MASKED.data, [], 'its topic is unknown'],
    [
      'was redriven too often',
      { redriveCount: REDRIVES_MAX },
      MASKED.data,
      [],
      `it was redriven ${REDRIVES_MAX} times already`,
    ],
  ])('is refused when the dead letter %s', (_what, changes, payload, actions, why) => {
    expect(planRedrive(rowOf(changes), payload, actions)).toEqual({
      kind: 'refuse',
      why: expect.stringContaining(why),
    });
  });
});
