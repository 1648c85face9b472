import { loadConfig, loadTracesConfig } from '../../shared/config.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { serveWorker } from '../../shared/messaging/serveWorker.ts';
import { openStore } from '../../shared/store/openStore.ts';
import { createProcessLog } from '../../shared/telemetry/log.ts';
import { openTracer } from '../../shared/telemetry/openTracer.ts';
import { createConsumerParts } from '../createConsumers.ts';

const { store: storeConfig, ...config } = loadConfig();
// It listens nowhere, so its lines about itself are the only sign that it pulls or drains.
const log = await createProcessLog('worker', 'info');
// An outcome line is that of its consumer, as with push: metrics and alerts know no worker.
const logs = {
  onOrder: await createProcessLog('onOrder', config.logLevel),
  onPayment: await createProcessLog('onPayment', config.logLevel),
  onDlq: await createProcessLog('onDlq', config.logLevel),
};
const store = await openStore(storeConfig);
const publisher = createPublisher(config);
const tracer = await openTracer(loadTracesConfig('worker'), log);
const parts = createConsumerParts({
  store,
  publisher,
  clock: Date.now,
  log: (consumer) => logs[consumer],
  projectId: config.projectId,
  tracer,
});

await serveWorker({
  config,
  parts,
  log,
  close: () => Promise.all([store.close(), publisher.close(), tracer?.close()]),
});
