import { loadPackageDefinition, type ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { Protos } from './loadProtos.ts';

const SERVICES = ['Publisher', 'Subscriber', 'SchemaService'] as const;
const HEALTH = 'grpc.health.v1.Health';

/** gRPC's own health service: https://github.com/grpc/grpc/blob/master/doc/health-checking.md */
const HEALTH_PROTOS: Protos['nested'] = {
  HealthCheckRequest: { fields: { service: { type: 'string', id: 1 } } },
  HealthCheckResponse: {
    nested: { ServingStatus: { values: { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } } },
    fields: { status: { type: 'ServingStatus', id: 1 } },
  },
  Health: {
    methods: {
      Check: { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse' },
      Watch: { requestType: 'HealthCheckRequest', responseType: 'HealthCheckResponse', responseStream: true },
    },
  },
};

type ServiceName = (typeof SERVICES)[number] | 'Health';

/**
 * Finds the three services of Pub/Sub in Google's protocol definitions, and adds gRPC's health service.
 * @throws Error when the client package has changed, so that a service is not found in it.
 */
export const loadServices = (protos: Protos): Record<ServiceName, ServiceDefinition> => {
  const health: Protos['nested'] = {
    grpc: { nested: { health: { nested: { v1: { nested: HEALTH_PROTOS } } } } },
  };
  const loaded = loadPackageDefinition(
    fromJSON(
      { nested: { ...protos.nested, ...health } },
      { longs: String, enums: String, defaults: true, oneofs: true },
    ),
  );
  const [Publisher, Subscriber, SchemaService] = SERVICES.map((name) =>
    serviceAt(loaded, `google.pubsub.v1.${name}`),
  ) as [ServiceDefinition, ServiceDefinition, ServiceDefinition];
  return { Publisher, Subscriber, SchemaService, Health: serviceAt(loaded, HEALTH) };
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
