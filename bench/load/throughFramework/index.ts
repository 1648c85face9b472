/**
 * A consumer behind the Functions Framework's own listener: express, its body parsers, and a domain for each
 * request. It is what `serveFunction` replaces, kept to measure what that saves.
 */
import { http } from '@google-cloud/functions-framework';
import { createConsumers } from '../../../functions/createConsumers.ts';
import { loadConfig } from '../../../shared/config.ts';
import { createPublisher } from '../../../shared/messaging/publisher.ts';
import { openStore } from '../../../shared/store/openStore.ts';
import { createProcessLog } from '../../../shared/telemetry/log.ts';
import type { ConsumerFunction } from '../../../shared/topology.ts';

const name = process.env.FUNCTION_TARGET as ConsumerFunction;
const { store: storeConfig, ...config } = loadConfig();
const consumers = createConsumers({
  store: await openStore(storeConfig),
  publisher: createPublisher(config),
  clock: Date.now,
  log: await createProcessLog(name, config.logLevel),
  projectId: config.projectId,
  environment: config.environment,
});

http(name, async ({ method, headers, rawBody = Buffer.alloc(0) }, response) => {
  const { status } = await consumers[name]({ method, headers, rawBody });
  response.status(status).end();
});
