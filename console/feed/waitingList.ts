import { SUBSCRIPTIONS } from '../../shared/topology.ts';
import { eventOf } from './eventOf.ts';
import { type FeedState, isInput } from './feedState.ts';
import { sampleBits } from './nextSampling.ts';

/** A message that no function has taken for so long is listed as on its way. */
const WAITS_MS = 1_000;
/** So many are looked at each time: in a long backlog the first of them stand for all. */
const LOOKED_AT_MAX = 40;

/**
 * Lists messages that wait for their first delivery, for example because their function is away. No line
 * names their event yet, so it is computed here, for these few only.
 * @returns the function that looks once.
 */
export const createWaitingList =
  ({ owed, kept, clock, touch }: FeedState) =>
  (): void => {
    const publishedUpToMs = clock() - WAITS_MS;
    for (const spec of SUBSCRIPTIONS.filter(isInput)) {
      let lookedAt = 0;
      for (const { message } of owed.get(spec.name)?.all() ?? []) {
        lookedAt += 1;
        if (lookedAt > LOOKED_AT_MAX || message.publishedAtMs > publishedUpToMs) break;
        const known = kept.byMessage(message.messageId);
        if (known === undefined || known.eventId !== undefined) continue;
        const { eventId } = eventOf(message, spec);
        touch(kept.name(known, eventId, sampleBits(eventId)));
      }
    }
  };
