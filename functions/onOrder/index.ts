import { loadConfig, loadTracesConfig } from '../../shared/config.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { toHttpHandler } from '../../shared/http/httpHandler.ts';
import { serveFunction } from '../../shared/http/serveFunction.ts';
import { openStore } from '../../shared/store/openStore.ts';
import { createProcessLog } from '../../shared/telemetry/log.ts';
import { openTracer } from '../../shared/telemetry/openTracer.ts';
import { createConsumers } from '../createConsumers.ts';

const { store: storeConfig, projectId, environment, logLevel } = loadConfig();
const log = await createProcessLog('onOrder', logLevel);
const tracer = await openTracer(loadTracesConfig('onOrder'), log);
const store = await openStore(storeConfig);
const publisher = createPublisher({ projectId, environment });
const { onOrder } = createConsumers({
  store,
  publisher,
  clock: Date.now,
  log,
  projectId,
  environment,
  tracer,
});

serveFunction({
  name: 'onOrder',
  log,
  close: () => Promise.all([store.close(), publisher.close(), tracer?.close()]),
  handle: toHttpHandler(onOrder),
});
