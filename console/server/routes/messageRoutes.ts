import { deadLetterKeyOf } from '../../../shared/domain/deadLetter.ts';
import { isErased } from '../../../shared/domain/fold.ts';
import { TransientError } from '../../../shared/errors.ts';
import type { ConsoleDeps } from '../../consoleDeps.ts';
import type { MessageAnswer, MessageDetail, OrderDetail, ToldLetter } from '../../contract.ts';
import { parseId } from '../../../shared/messaging/parseId.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';
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
      if (tables.isErased) deps.feed.forgetPayload?.(key);
      const found: MessageAnswer = {
        message: message && tables.isErased ? { ...message, payload: null, attributes: null } : message,
        order: tables.order,
        told,
        isErased: tables.isErased,
        problem: tables.problem,
      };
      return answer(found);
    },
  },
];

interface Tables {
  readonly order: OrderDetail | null;
  readonly letters: readonly ToldLetter[];
  readonly isErased: boolean;
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
    const own = message === null ? [] : await findOwnRows(deps, message);
    const missing = await toMissingLetters(deps, own, order);
    return {
      order,
      letters: [...(order?.deadLetters ?? []), ...missing],
      isErased: message !== null && isErasedIn(message, order, own),
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    return { order: null, letters: [], isErased: false, problem: sayError(error) };
  }
};

/** An erasure covers what its order has up to its time. An `invalid` message may be erased by itself. */
const isErasedIn = (
  { publishedAtMs, payload }: MessageDetail,
  order: OrderDetail | null,
  own: readonly DeadLetterRow[],
): boolean =>
  isErased({ publishedAtMs }, order?.erased?.atMs) ||
  (payload?.bytes !== 0 && own.some(({ payloadBytes }) => payloadBytes === 0));

/** An `invalid` message may name no order. Then its dead letter is found by the id of its event. */
const findOwnRows = async (
  { store }: MessageDeps,
  { eventId, publishedAtMs }: MessageDetail,
): Promise<readonly DeadLetterRow[]> =>
  eventId === null ? [] : store.findDeadLetters(deadLetterKeyOf({ id: eventId, sinceMs: publishedAtMs }));

const toMissingLetters = (
  { store }: MessageDeps,
  rows: readonly DeadLetterRow[],
  order: OrderDetail | null,
): Promise<readonly ToldLetter[]> => {
  const missing = rows.filter(
    (row) => order?.deadLetters.some(({ id, reason }) => id === row.id && reason === row.reason) !== true,
  );
  return Promise.all(missing.map(async (row) => toToldLetter(row, undefined, await store.findActions(row))));
};
