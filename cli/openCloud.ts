import { createCloudFeed } from '../console/cloud/createCloudFeed.ts';
import { createCloudSums } from '../console/cloud/createCloudSums.ts';
import { readAuditPass } from '../console/cloud/readAuditPass.ts';
import { readCloudFigures } from '../console/cloud/readCloudFigures.ts';
import { createGoogleApi } from '../console/cloud/googleApi.ts';
import type { Feed } from '../console/feed/feed.ts';
import type { SumsSource } from '../console/sums/liveSums.ts';
import type { PublisherConfig } from '../shared/config.ts';

interface Cloud {
  readonly feed: Feed;
  readonly sums: SumsSource & { readonly stop: () => Promise<void> };
  /** Ends what is asked at the moment. */
  readonly stop: () => Promise<void>;
}

/**
 * What Google Cloud says of an environment: rates from Cloud Monitoring, sums from the log lines of the
 * scheduled audit. Google's own library finds the person's credentials, as it does for Pub/Sub.
 * @param project the project of the environment.
 */
export const openCloud = async (
  project: string,
  { environment }: Pick<PublisherConfig, 'environment'>,
): Promise<Cloud> => {
  const { PubSub } = await import('@google-cloud/pubsub');
  const { auth } = new PubSub({ projectId: project });
  const ending = new AbortController();
  const api = createGoogleApi({ authorize: () => auth.getRequestHeaders(), signal: ending.signal });
  const place = { api, project, environment };
  const sums = createCloudSums({ readPass: (nowMs) => readAuditPass(place, nowMs), clock: Date.now });
  const feed = createCloudFeed({
    readFigures: (nowMs) => readCloudFigures(place, nowMs),
    sumsVersion: sums.version,
    clock: Date.now,
  });
  return {
    feed,
    sums,
    stop: async () => {
      ending.abort();
      await Promise.all([feed.stop(), sums.stop()]);
    },
  };
};
