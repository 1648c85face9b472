import { describe, expect, it } from 'vitest';
import { orderBytes, paymentBytes } from '../../../proof/referenceMessages.ts';
import type { DeadLetterAction } from '../../../shared/domain/deadLetterAction.ts';
import type { OutgoingMessage } from '../../../shared/messaging/publisher.ts';
import { editDeadLetter, problemsOfBody } from '../../../shared/operations/editDeadLetter.ts';
import type { InputTopic } from '../../../shared/topology.ts';
import { TransientError } from '../../../shared/errors.ts';
import { deadLetterRow } from '../../support/messages/records.ts';

const OPERATION = { operationId: 'op-1', operator: 'ann', because: 'the price was a word' };

const setUp = () => {
  const published: (readonly [string, string, OutgoingMessage['attributes']])[] = [];
  const actions: DeadLetterAction[] = [];
  const deps = {
    store: { recordAction: async (_: unknown, action: DeadLetterAction) => void actions.push(action) },
    publisher: {
      publish: async (topic: string, { data, attributes }: OutgoingMessage) => {
        published.push([topic, Buffer.from(data).toString(), attributes]);
        return '42';
      },
    },
    clock: () => 77,
  };
  return { deps, published, actions };
};

const justAfter = ({ publishedAtMs }: { readonly publishedAtMs: number }): string =>
  new Date(publishedAtMs + 1).toISOString();

describe('an edited dead letter', () => {
  it.each<[InputTopic, Buffer]>([
    ['orders_data', orderBytes()],
    ['payments_data', paymentBytes()],
  ])('of %s is published there as a new event, and noted', async (originTopic, body) => {
    const { deps, published, actions } = setUp();
    const row = deadLetterRow(1, { originTopic });

    expect(await editDeadLetter(deps, row, body, OPERATION)).toBe('42');

    const attributes = { tally_edited_from: row.id, tally_origin_publish_time: justAfter(row) };
    expect(published).toEqual([[originTopic, body.toString(), attributes]]);
    expect(actions).toMatchObject([{ kind: 'edited', actedAtMs: 77, detail: '42', ...OPERATION }]);
  });

  it.each([
    ['a body that is not valid', 'orders_data', '{}', /^the edited body is not valid: .*order_id.*; /],
    ['an unknown topic', 'refunds', '{}', /^dead letter 0+1 is of an unknown topic$/],
  ])('with %s is neither published nor noted', async (_what, originTopic, body, message) => {
    const { deps, published, actions } = setUp();

    const edit = editDeadLetter(deps, deadLetterRow(1, { originTopic }), Buffer.from(body), OPERATION);

    await expect(edit).rejects.toThrow(message);
    expect([published, actions]).toEqual([[], []]);
  });
});

it('an edited dead letter that was not confirmed may have been sent, and may be sent again', async () => {
  const { deps, actions } = setUp();
  const cause = new Error('no confirmation within 15000 ms');
  const publish = () =>
    Promise.reject(new TransientError('publish to orders_data was not confirmed', { cause }));
  const row = deadLetterRow(1, { originTopic: 'orders_data' });

  const edit = editDeadLetter({ ...deps, publisher: { publish } }, row, orderBytes(), OPERATION);

  await expect(edit).rejects.toEqual(
    new TransientError(
      'publish to orders_data was not confirmed, so it may have been sent: ' +
        'send the very same copy again, which adds nothing',
      { cause },
    ),
  );
  expect(actions).toEqual([]);
});

it('an edited dead letter that was published and could not be noted says so', async () => {
  const { deps, published } = setUp();
  const recordAction = () => Promise.reject(new Error('Cassandra is away'));
  const row = deadLetterRow(1, { originTopic: 'orders_data' });

  const unnoted = { ...deps, store: { recordAction } };
  const edit = editDeadLetter(unnoted, row, orderBytes(), OPERATION);

  await expect(edit).rejects.toThrow('the copy was sent as message 42, and that could not be noted');
  expect(published).toHaveLength(1);
});

describe('the problems of a body', () => {
  it('are those of its topic', () => {
    expect(problemsOfBody('orders_data', orderBytes())).toEqual([]);
    expect(problemsOfBody('payments_data', paymentBytes())).toEqual([]);
    expect(problemsOfBody('orders_data', paymentBytes())).toContainEqual(expect.stringMatching(/^item: /));
    expect(problemsOfBody('payments_data', orderBytes())).toContainEqual(
      expect.stringMatching(/^payment_id: /),
    );
  });

  it('do not hide a fault of ours', () => {
    expect(() => problemsOfBody('orders_data', undefined as never)).toThrow(TypeError);
  });
});
