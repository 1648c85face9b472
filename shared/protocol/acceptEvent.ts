import type { Handler, Tell } from '../messaging/settleMessage.ts';
import { toEntry } from '../messaging/toEntry.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import { type AcceptDeps, accept } from './accept.ts';
import { traceSteps } from './traceSteps.ts';

interface AcceptEventDeps extends Pick<AcceptDeps, 'store'> {
  /** Publishes in `onOrder` and `onPayment`, and records in `onDlq`. */
  readonly tell: Tell;
  /** Undefined: no spans are recorded. */
  readonly tracer?: Tracer | undefined;
}

/**
 * Makes the handler that reads an order or a payment and accepts it: all that `onOrder` and `onPayment` do.
 */
export const createAcceptEvent =
  ({ store, tell, tracer }: AcceptEventDeps): Handler =>
  async (event) => {
    const deps: AcceptDeps = { store, tell: (reports) => tell(event, reports) };
    if (tracer === undefined) return accept(toEntry(event), deps);
    return traceSteps(tracer, event, deps, (traced) => accept(toEntry(event), traced));
  };
