import { assertNever } from '../../shared/errors.ts';
import type { SimulateRequest } from './request.ts';
import { createSeedWorkload } from './seedWorkload.ts';
import { createShopWorkload } from './shopWorkload.ts';
import type { Workload } from './workload.ts';

/** The traffic that a request asks for. */
export const createWorkload = (request: SimulateRequest): Workload => {
  switch (request.preset) {
    case 'seed':
      return createSeedWorkload(request);
    case 'shop':
      return createShopWorkload(request);
    default:
      return assertNever(request);
  }
};
