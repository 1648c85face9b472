import type { Environment } from '../shared/config.ts';
import { findParked, type ParkedPayment } from '../shared/operations/findParked.ts';
import { plural } from './plural.ts';
import { createProgress } from './progress.ts';
import { createRowProgress } from './rowProgress.ts';
import { toJsonLine } from './toJsonLine.ts';
import { UnableError } from './unableError.ts';
import { withOperations } from './withOperations.ts';

interface ParkedOptions {
  /** Only payments that have waited for longer, in milliseconds. */
  readonly olderThan: number;
  readonly limit: number;
  readonly json: boolean;
}

/**
 * Lists the payments that wait for their order, those that have waited longest first.
 * @throws UnableError when it could not look.
 */
export const parkedCommand = async (options: ParkedOptions, env: Environment): Promise<void> => {
  const { olderThan, limit, json } = options;
  const nowMs = Date.now();
  const { total, oldest } = await withOperations(env, { json }, async (store) => {
    const onProgress = createRowProgress(createProgress(json ? 'json' : 'text'), 'Orders');
    let list: ParkedPayment[] = [];
    let count = 0;
    for await (const payment of findParked(store, { beforeMs: nowMs - olderThan, onProgress })) {
      count += 1;
      list.push(payment);
      if (list.length >= 2 * limit) list = firstOf(list, limit);
    }
    return { total: count, oldest: firstOf(list, limit) };
  }).catch((error: unknown) => {
    throw error instanceof UnableError ? error : new UnableError('could not look', { cause: error });
  });
  if (json) {
    for (const payment of oldest) {
      const { orderId, paymentId, sinceMs } = payment;
      console.log(toJsonLine({ orderId, paymentId, ...waitOf(sinceMs, nowMs) }));
    }
    console.log(toJsonLine({ total }));
    return;
  }
  console.log(
    [
      `${plural(total, 'payment waits for its order', 'payments wait for their orders')}${olderThan === 0 ? '' : `, for more than ${formatWait(olderThan)}`}.`,
      ...oldest.map(
        ({ orderId, paymentId, sinceMs }) =>
          `  order ${orderId}: payment ${paymentId} has waited ${formatWait(nowMs - sinceMs)}, since ${new Date(sinceMs).toISOString()}`,
      ),
      ...(total > oldest.length ? [`  and ${total - oldest.length} more: raise --limit`] : []),
    ].join('\n'),
  );
};

const firstOf = (list: readonly ParkedPayment[], limit: number): ParkedPayment[] =>
  list.toSorted((a, b) => a.sinceMs - b.sinceMs).slice(0, limit);

const waitOf = (sinceMs: number, nowMs: number) => ({
  since: new Date(sinceMs).toISOString(),
  waitedSeconds: Math.round((nowMs - sinceMs) / 1_000),
});

/** `5_400_000` → `'1 h 30 min'`. */
const formatWait = (ms: number): string => {
  const minutes = Math.floor(ms / 60_000);
  if (minutes < 1) return `${Math.max(0, Math.round(ms / 1_000))} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} days`;
};
