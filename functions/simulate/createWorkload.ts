import { assertNever } from '../../shared/errors.ts';
import type { SimulateRequest } from './parseRequest.ts';
import { createReferenceWorkload } from './createReferenceWorkload.ts';
import type { Workload } from './workload.ts';

/** Creates the traffic that a request asks for. Only the preset `shop` loads faker, which is large. */
export const createWorkload = async (request: SimulateRequest): Promise<Workload> => {
  switch (request.preset) {
    case 'reference':
      return createReferenceWorkload(request);
    case 'shop': {
      const { createShopWorkload } = await import('./createShopWorkload.ts');
      return createShopWorkload(request);
    }
    default:
      return assertNever(request);
  }
};
