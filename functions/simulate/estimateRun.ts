import type { SimulateRequest } from './parseRequest.ts';
import { referenceScenarioSeconds, TIMETABLES } from './referenceTimetable.ts';
import { likelyMessages, storyShare } from './requestFields.ts';

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
