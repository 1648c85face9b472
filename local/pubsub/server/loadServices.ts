import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { loadPackageDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { z } from 'zod';

const SERVICES = ['Publisher', 'Subscriber', 'SchemaService'] as const;

const require = createRequire(import.meta.url);

/**
 * Reads the three services of Pub/Sub from the protocol definitions in Google's client package.
 * @throws Error when the package has changed, so that a service is not found in it.
 */
export const loadServices = (): Record<(typeof SERVICES)[number], ServiceDefinition> => {
  const packageFolder = dirname(require.resolve('@google-cloud/pubsub/package.json'));
  const json: unknown = JSON.parse(readFileSync(join(packageFolder, 'build/protos/protos.json'), 'utf8'));
  const protos = z.object({ nested: z.record(z.string(), z.any()) }).parse(json);
  const loaded = loadPackageDefinition(
    fromJSON(protos, { longs: String, enums: String, defaults: true, oneofs: true }),
  );
  return {
    Publisher: serviceAt(loaded, 'google.pubsub.v1.Publisher'),
    Subscriber: serviceAt(loaded, 'google.pubsub.v1.Subscriber'),
    SchemaService: serviceAt(loaded, 'google.pubsub.v1.SchemaService'),
  };
};

const serviceAt = (root: unknown, path: string): ServiceDefinition => {
  let found: unknown = root;
  for (const name of path.split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, name) : undefined;
  }
  const service: unknown = typeof found === 'function' ? Reflect.get(found, 'service') : undefined;
  if (typeof service !== 'object' || service === null)
    throw new Error(`@google-cloud/pubsub does not define ${path}`);
  // proto-loader promises this shape for every service that it loads.
  return service as ServiceDefinition;
};
