import { referenceScenarioSeconds, TIMETABLES } from './referenceTimetable.ts';
import { type ShopRequest, type SimulateRequest, storyShare } from './requestFields.ts';

interface RunEstimate {
  /** About so many. The draws of a run differ from this by a little. */
  readonly messages: number;
  /** How long the run takes at least. 0: it publishes as fast as it can. */
  readonly seconds: number;
}

/** How much a request will publish, before anything is drawn. */
export const estimateRun = (request: SimulateRequest): RunEstimate => {
  if (request.preset === 'shop') {
    const messages = likelyMessages(request);
    const { ratePerSecond } = request;
    return { messages: Math.round(messages), seconds: ratePerSecond === 0 ? 0 : messages / ratePerSecond };
  }
  const { scenario, timeScale, versions, versionsPerOrder, doublePaid } = request;
  const { orders, payments } = TIMETABLES[scenario];
  const sent = orders.reduce((sum, { count }) => sum + count, 0);
  const second = doublePaid + (1 - doublePaid) * storyShare(request);
  return {
    messages: Math.round(sent * (1 + versions * (versionsPerOrder - 1)) + payments.count * (1 + second)),
    seconds: timeScale === 0 ? 0 : referenceScenarioSeconds(scenario) / timeScale,
  };
};

/**
 * Estimates how many messages a run has, without its seed. The draws of a run differ from this by a little.
 * An order with versions and a payment with a story are not sent twice.
 */
const likelyMessages = (request: ShopRequest): number => {
  const { orders, missing, unpaid, doublePaid, duplicates, malformed, versions, versionsPerOrder } = request;
  const copies = 1 + duplicates;
  const ofOrder = (1 - missing) * (versions * versionsPerOrder + (1 - versions) * copies);
  const stories = storyShare(request);
  const ofPayments =
    (1 - unpaid) * (doublePaid * 2 * copies + (1 - doublePaid) * (stories * 2 + (1 - stories) * copies));
  return orders * (ofOrder + ofPayments + malformed);
};
