import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { ConsoleDeps } from '../../consoleDeps.ts';
import type { MessageAnswer, MessageDetail, OrderDetail, ToldLetter } from '../../contract.ts';
import { parseId } from '../../../shared/messaging/parseId.ts';
import { readOrder } from '../../orders/readOrder.ts';
import { toToldLetter } from '../../orders/toToldLetter.ts';
import { sayError } from '../../sayError.ts';
import { RequestRefusedError } from '../parseRequest.ts';
import { answer, type Route } from '../route.ts';

type MessageDeps = Pick<ConsoleDeps, 'store' | 'clock' | 'feed' | 'local'>;

/** One message: what the feed saw of it, joined with what the tables have. */
export const messageRoutes = (deps: MessageDeps): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/messages/:key',
    handle: async ({ params, query }) => {
      const key = params['key'] ?? '';
      const message = deps.feed.messageOf(key) ?? null;
      const orderId = parseId(message?.orderId ?? query.get('order') ?? '');
      const tables = await readTables(deps, message, orderId);
      if (message === null && !tables.order?.story.some(({ eventId }) => eventId === key)) {
        const why = tables.problem ?? 'it came too long ago, or nobody saw it; look for its order';
        throw new RequestRefusedError(404, `message ${key} is not known here: ${why}`);
      }
      const told = tables.letters.filter(({ toldBy }) => toldBy === (message?.eventId ?? key));
      const found: MessageAnswer = {
        message,
        order: tables.order,
        told,
        problem: tables.problem,
      };
      return answer(found);
    },
  },
];

interface Tables {
  readonly order: OrderDetail | null;
  readonly letters: readonly ToldLetter[];
  readonly problem: string | null;
}

/** What the feed saw is shown, too, while Cassandra does not answer. */
const readTables = async (
  deps: MessageDeps,
  message: MessageDetail | null,
  orderId: bigint | undefined,
): Promise<Tables> => {
  try {
    const order = orderId === undefined ? null : ((await readOrder(deps, orderId)) ?? null);
    const own = message === null ? [] : await findOwnLetters(deps, message, order);
    return { order, letters: [...(order?.deadLetters ?? []), ...own], problem: null };
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    return { order: null, letters: [], problem: sayError(error) };
  }
};

/** An `invalid` message may name no order. Then its dead letter is found by the id of its event. */
const findOwnLetters = async (
  { store }: MessageDeps,
  { eventId, publishedAtMs }: MessageDetail,
  order: OrderDetail | null,
): Promise<readonly ToldLetter[]> => {
  if (eventId === null) return [];
  const rows = await store.findDeadLetters(deadLetterKeyOf({ id: eventId, sinceMs: publishedAtMs }));
  const missing = rows.filter(
    (row) => order?.deadLetters.some(({ id, reason }) => id === row.id && reason === row.reason) !== true,
  );
  return Promise.all(missing.map(async (row) => toToldLetter(row, undefined, await store.findActions(row))));
};
