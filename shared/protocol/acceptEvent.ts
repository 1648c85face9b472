import type { Handler, Tell } from '../messaging/settleMessage.ts';
import { toEntry } from '../messaging/toEntry.ts';
import { type AcceptDeps, accept } from './accept.ts';

/**
 * Makes the handler that reads an order or a payment and accepts it: all that `onOrder` and `onPayment` do.
 * @param tell publishes in these two, and records in `onDlq`.
 */
export const createAcceptEvent =
  ({ store, tell }: Pick<AcceptDeps, 'store'> & { readonly tell: Tell }): Handler =>
  async (event) =>
    accept(toEntry(event), { store, tell: (reports) => tell(event, reports) });
