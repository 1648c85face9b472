import type { FindLedgerIds } from '../../../shared/audit/look.ts';
import { parseOrder, parsePayment } from '../../../shared/messaging/parseMessage.ts';
import type { SendPlan } from '../../../shared/operations/redrive.ts';
import type { DeadLetterRow } from '../../../shared/store/auditSource.ts';

/**
 * Finds out what a redrive would change, by the ledger as it is now. It can know which entries are new. It
 * does not say which payment a row shows then: later messages may decide that.
 */
export const createRedriveEffects = (findIds: FindLedgerIds) => {
  /** By order that is not here yet: whether a payment of it waits. */
  const becomeVisible = new Map<bigint, boolean>();
  const paymentsWithoutOrder: bigint[] = [];
  let [versions, joining, known] = [0, 0, 0];
  return {
    /** @throws TransientError when the ledger does not answer. */
    add: async ({ toldBy }: DeadLetterRow, { topic, message }: SendPlan): Promise<void> => {
      const isOrder = topic === 'orders_data';
      const { orderId } = isOrder ? parseOrder(message.data).order : parsePayment(message.data).payment;
      const { eventIds, hasOrder, hasPayment } = await findIds(orderId);
      if (eventIds.has(toldBy)) known += 1;
      else if (hasOrder && isOrder) versions += 1;
      else if (hasOrder) joining += 1;
      else if (isOrder) becomeVisible.set(orderId, hasPayment);
      else paymentsWithoutOrder.push(orderId);
    },
    say: (): string => {
      const waiting = paymentsWithoutOrder.filter((orderId) => !becomeVisible.has(orderId));
      const paid = new Set(paymentsWithoutOrder);
      const withPayment = [...becomeVisible].filter(([orderId, waits]) => waits || paid.has(orderId)).length;
      const joins = joining + paymentsWithoutOrder.length - waiting.length;
      return [
        ...say(becomeVisible.size, 'order becomes', 'orders become', 'visible', sayPaid(withPayment)),
        ...say(versions, 'is a further version', 'are further versions', 'of orders that are here'),
        ...say(joins, 'payment finds its order', 'payments find their orders'),
        ...say(waiting.length, 'payment waits for its order', 'payments wait for their orders'),
        ...say(
          known,
          'is in the ledger already and adds nothing',
          'are in the ledger already and add nothing',
        ),
      ].join(' ');
    },
  };
};

const sayPaid = (count: number): string =>
  count === 0 ? '' : `; ${count.toLocaleString('en')} of them ${count === 1 ? 'has' : 'have'} a payment here`;

/** `say(29, 'order becomes', 'orders become', 'visible')` → `['29 orders become visible.']`; 0 → `[]` */
const say = (count: number, one: string, many: string, rest = '', after = ''): readonly string[] =>
  count === 0
    ? []
    : [`${count.toLocaleString('en')} ${count === 1 ? one : many}${rest === '' ? '' : ` ${rest}`}${after}.`];
