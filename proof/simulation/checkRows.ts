import type { Replica } from './cassandra/replica.ts';
import { pairsOf } from './pairsOf.ts';
import {
  isCovered,
  type Message,
  newestVersions,
  type OrderStory,
  paymentsToShow,
  type Story,
} from './oracle.ts';
import type { Checks } from './world.ts';
import { isErasedIn, paymentsIn, rowOfPair, showsOrder, showsPayment, versionsIn } from './watchRow.ts';

/** What every quorum must show of each order when the world is at rest. */
export const checkRows = (
  replicas: readonly Replica[],
  { orders }: Story,
  violated: Checks['violated'],
): void => {
  for (const order of orders.values()) {
    for (const [a, b] of pairsOf(replicas)) checkRow(order, rowOfPair(a, b, order.orderId) ?? [], violated);
  }
};

const checkRow = (
  order: OrderStory,
  cells: Parameters<typeof showsOrder>[0],
  violated: Checks['violated'],
): void => {
  const { orderId, versions, payments } = order;
  if (versions.length === 0) {
    if (showsOrder(cells) || showsPayment(cells))
      violated('I5', `order ${orderId} never came, and has a row`);
    return;
  }
  const newest = newestVersions(order);
  const versionsShown = versionsIn(cells, order).filter((version) => newest.includes(version as never));
  if (versionsShown.length === 0) violated('I4', `order ${orderId} does not show its newest version`);
  if (payments.length === 0) return;
  const best = paymentsToShow(order);
  const paymentsShown = paymentsIn(cells, order).filter((payment) => best.includes(payment as never));
  if (paymentsShown.length === 0) violated('I3', `order ${orderId} does not show the payment that it should`);
  const isStillThere = (shown: readonly Message[]): boolean =>
    shown.length > 0 && shown.every((one) => isCovered(one, order)) && !isErasedIn(cells, shown[0]);
  if (isStillThere(versionsShown) || isStillThere(paymentsShown)) {
    violated('I1', `a person of order ${orderId} was erased, and is still in the row`);
  }
};
