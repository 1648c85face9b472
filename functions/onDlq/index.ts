import { loadConfig, loadTracesConfig } from '../../shared/config.ts';
import { toHttpHandler } from '../../shared/http/httpHandler.ts';
import { serveFunction } from '../../shared/http/serveFunction.ts';
import { openStore } from '../../shared/store/openStore.ts';
import { createProcessLog } from '../../shared/telemetry/log.ts';
import { openTracer } from '../../shared/telemetry/openTracer.ts';
import { createConsumers } from '../createConsumers.ts';

const { store: storeConfig, projectId, environment, logLevel } = loadConfig();
const log = await createProcessLog('onDlq', logLevel);
const tracer = await openTracer(loadTracesConfig('onDlq'), log);
const store = await openStore(storeConfig);
const { onDlq } = createConsumers({
  store,
  publisher: undefined,
  clock: Date.now,
  log,
  projectId,
  environment,
  tracer,
});

serveFunction({
  name: 'onDlq',
  log,
  close: () => Promise.all([store.close(), tracer?.close()]),
  handle: toHttpHandler(onDlq),
});
