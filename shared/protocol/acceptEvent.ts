import type { Handler, Tell } from '../messaging/settleMessage.ts';
import { reasonsOf } from '../messaging/settlement.ts';
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
    let reason: string | undefined;
    const deps: AcceptDeps = {
      store,
      tell: (reports) => {
        reason = reasonsOf(reports);
        return tell(event, reports);
      },
    };
    const settlement =
      tracer === undefined
        ? await accept(toEntry(event), deps)
        : await traceSteps(tracer, event, deps, (traced) => accept(toEntry(event), traced));
    return reason === undefined ? settlement : { ...settlement, reason };
  };
