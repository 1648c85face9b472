import { loadConfig } from '../../shared/config.ts';
import { createPublishDeadLetter } from '../../shared/messaging/deadLetters.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { createPushEndpoint } from '../../shared/messaging/pushEndpoint.ts';
import { serveFunction, toHttpFunction } from '../../shared/messaging/serveFunction.ts';
import { openStore } from '../../shared/store/openStore.ts';
import { createProcessLog } from '../../shared/telemetry/log.ts';
import { createOnOrder } from './handler.ts';

const config = loadConfig();
const log = await createProcessLog('onOrder', config.logLevel);
const store = await openStore(config.store);
const publisher = createPublisher(config);
const endpoint = createPushEndpoint({
  consumer: 'onOrder',
  handle: createOnOrder({ store, clock: Date.now }),
  publishDeadLetter: createPublishDeadLetter(publisher),
  log,
  projectId: config.projectId,
  environment: config.environment,
});

serveFunction({
  name: 'onOrder',
  log,
  close: () => Promise.all([store.close(), publisher.close()]),
  handle: toHttpFunction(endpoint),
});
