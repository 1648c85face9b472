import { assertNever } from '../../shared/errors.ts';
import type { SimulateRequest } from './requestFields.ts';
import { createReferenceWorkload } from './createReferenceWorkload.ts';
import type { Workload } from './workload.ts';

/**
 * Creates the traffic that a request asks for. Only the preset `shop` loads faker, which is large.
 * @param startedAtMs when the run starts, in milliseconds since the epoch. It matters only to `occurred_at`.
 */
export const createWorkload = async (request: SimulateRequest, startedAtMs: number): Promise<Workload> => {
  switch (request.preset) {
    case 'reference':
      return createReferenceWorkload(request, startedAtMs);
    case 'shop': {
      const { createShopWorkload } = await import('./createShopWorkload.ts');
      return createShopWorkload(request, startedAtMs);
    }
    default:
      return assertNever(request);
  }
};
