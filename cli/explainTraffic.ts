import type { Expectation } from '../shared/audit/expectation.ts';

/**
 * Says why the tables hold fewer orders and fewer matched payments than the reference sends. The reference
 * sends the same orders again and again in turn, so each comes equally often, or once more than others.
 * @param sent how many orders and payments were published.
 * @param expected what the simulator says about their end: `shows` has each order that comes, once.
 * @returns no sentence about what needs none.
 */
export const explainTraffic = (
  sent: { readonly orders: number; readonly payments: number },
  { shows, matched, parked }: Pick<Expectation, 'shows' | 'matched' | 'parked'>,
): string => {
  const orders = shows.length;
  const [least, most] = [Math.floor(sent.orders / orders), Math.ceil(sent.orders / orders)];
  const times = least === most ? `${least}` : `${least} or ${most}`;
  const paidFor = new Set([...matched, ...parked].map(({ order_id }) => order_id)).size;
  const neverSent = new Set(parked.map(({ order_id }) => order_id)).size;
  return [
    ...(sent.orders > orders
      ? [
          `${sent.orders} orders sent are ${orders}: each comes ${times} times, with a new customer and new ` +
            'contents. Its row shows the newest.',
        ]
      : []),
    ...(neverSent > 0
      ? [
          `${sent.payments} payments are for ${paidFor} orders. The reference never sends ${neverSent} of these, ` +
            'so their payments stay parked.',
        ]
      : []),
  ].join('\n');
};
