import * as z from 'zod';
import { healAndLook } from '../../../shared/operations/healAndLook.ts';
import { sayHealed } from '../../../shared/operations/sayHealed.ts';
import { BECAUSE_BYTES_MAX, runOperation } from '../../../shared/operations/runOperation.ts';
import type { ConsoleDeps } from '../../consoleDeps.ts';
import type { HealAnswer } from '../../contract.ts';
import { parseId } from '../../../shared/messaging/parseId.ts';
import { readOrder } from '../../orders/readOrder.ts';
import { parseRequest, RequestRefusedError } from '../parseRequest.ts';
import { answer, type Route, type RouteRequest } from '../route.ts';

type OrderDeps = Pick<ConsoleDeps, 'store' | 'clock' | 'feed' | 'operator' | 'local'>;

/** All about one order, and the heal of one. */
export const orderRoutes = (deps: OrderDeps): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/orders/:id',
    handle: async ({ params }) => {
      const orderId = orderIdOf(params);
      const detail = await readOrder(deps, orderId);
      if (detail !== undefined) return answer(detail);
      const error = `order ${orderId} is unknown: it has no row, no event and no dead letter`;
      throw new RequestRefusedError(404, error);
    },
  },
  {
    method: 'POST',
    path: '/api/orders/:id/heal',
    handle: async ({ params, body }) => {
      const orderId = orderIdOf(params);
      return answer(await healOrder(deps, orderId, parseRequest(healSchema, body).because));
    },
  },
];

const healSchema = z.strictObject({
  because: z
    .string({ error: 'expected a text' })
    .refine(
      (text) => Buffer.byteLength(text) <= BECAUSE_BYTES_MAX,
      `expected at most ${BECAUSE_BYTES_MAX} bytes`,
    ),
});

const healOrder = async (
  { store, clock, operator }: OrderDeps,
  orderId: bigint,
  because: string,
): Promise<HealAnswer> => {
  const request = { action: 'heal', operator, filter: `1 order: ${orderId}`, because };
  const { summary } = await runOperation({ store, clock }, request, async (operation) => ({
    summary: sayHealed(orderId, await healAndLook({ store, clock }, orderId, operation)),
  }));
  return { result: `${summary}.` };
};

const orderIdOf = ({ id = '' }: RouteRequest['params']): bigint => {
  const orderId = parseId(id);
  if (orderId !== undefined) return orderId;
  const error = 'expected the id of an order: a whole number from 0 to 9223372036854775807';
  throw new RequestRefusedError(422, error);
};
