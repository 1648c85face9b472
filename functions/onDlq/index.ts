import { loadConfig } from '../../shared/config.ts';
import { createPushEndpoint } from '../../shared/messaging/pushEndpoint.ts';
import { serveFunction, toHttpFunction } from '../../shared/messaging/serveFunction.ts';
import { openStore } from '../../shared/store/openStore.ts';
import { createProcessLog } from '../../shared/telemetry/log.ts';
import { createOnOrder } from '../onOrder/handler.ts';
import { createOnDlq } from './handler.ts';

const config = loadConfig();
const log = await createProcessLog('onDlq', config.logLevel);
const store = await openStore(config.store);
const endpoint = createPushEndpoint({
  consumer: 'onDlq',
  handle: createOnDlq({
    store,
    handleOrder: createOnOrder({ store, clock: Date.now }),
    clock: Date.now,
  }),
  publishDeadLetter: undefined,
  log,
  projectId: config.projectId,
  environment: config.environment,
});

serveFunction({ name: 'onDlq', log, close: () => store.close(), handle: toHttpFunction(endpoint) });
