import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { loadPublisherConfig, loadTracesConfig } from '../../shared/config.ts';
import { createPublisher } from '../../shared/messaging/publisher.ts';
import { serveFunction } from '../../shared/http/serveFunction.ts';
import { createProcessLog } from '../../shared/telemetry/log.ts';
import { openTracer } from '../../shared/telemetry/openTracer.ts';
import { createSimulate } from './handler.ts';
import { SEED_MAX } from './random.ts';

const config = loadPublisherConfig();
const log = await createProcessLog('simulate', config.logLevel);
const tracer = await openTracer(loadTracesConfig('simulate'), log);
const publisher = createPublisher(config);

serveFunction({
  name: 'simulate',
  log,
  close: () => Promise.all([publisher.close(), tracer?.close()]),
  handle: createSimulate({
    publisher,
    clock: () => performance.now(),
    sleep: (durationMs, signal) => delay(durationMs, undefined, { signal }),
    newRunId: randomUUID,
    newSeed: () => randomInt(SEED_MAX + 1),
    log,
    projectId: config.projectId,
    tracer,
  }),
});
