import type { FaultsState } from '../contract.ts';
import type { LocalControls } from '../consoleDeps.ts';
import { FAULT_NAMES, type FaultSettings, SHARE_MAX } from '../../local/pubsub/server/faults.ts';

type FaultName = (typeof FAULT_NAMES)[number];

const WHAT_HAPPENS: Readonly<Record<FaultName, (settings: FaultSettings) => string>> = {
  duplicated: () => 'a subscription gets the message twice',
  reordered: () => 'the next message overtakes it',
  delayed: ({ delayMs }) => `it comes late, by up to ${delayMs.toLocaleString('en')} ms`,
  acksLost: () => 'the ack does not arrive; the message comes again',
  publishesRefused: () => 'a publish fails, nothing was accepted',
  publishesUnconfirmed: () => 'a publish fails, all was accepted',
  pushPauses: ({ pauseMs }) => `after a push the subscription waits ${pauseMs.toLocaleString('en')} ms`,
};

/** The faults that are on, each with its share: `['acksLost 0.05', 'reordered 0.2']`. */
export const faultsThatAreOn = (settings: FaultSettings): readonly string[] =>
  FAULT_NAMES.filter((name) => settings[name] > 0).map((name) => `${name} ${settings[name]}`);

/** The faults of the local Pub/Sub, as the page lists them. */
export const describePubSubFaults = ({
  pubsub: { kind },
  switches: { pubsubFaults },
}: LocalControls): Pick<FaultsState, 'pubsub' | 'pubsubCannot'> => {
  if (pubsubFaults === undefined) {
    const pubsubCannot = `This Pub/Sub is of the kind ${kind}. Only Tally’s own can be told to misbehave.`;
    return { pubsub: null, pubsubCannot };
  }
  const [settings, hits] = [pubsubFaults.settings(), pubsubFaults.hits()];
  const faults = FAULT_NAMES.map((name) => ({
    name,
    what: WHAT_HAPPENS[name](settings),
    share: settings[name],
    hits: hits[name],
  }));
  return { pubsub: { seed: settings.seed, faults, shareMax: SHARE_MAX }, pubsubCannot: null };
};
