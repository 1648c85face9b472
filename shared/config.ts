import * as z from 'zod';
import { ConfigError } from './errors.ts';
import { ENVIRONMENT_NAME } from './topology.ts';

/**
 * The only module of the functions that knows environment variables by name. `loadConfig` is pure and reports
 * all problems at once. No function reads `process.env` in any other place.
 */

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CassandraConfig {
  readonly kind: 'cassandra';
  /** Host names or addresses. Empty with a secure-connect bundle, because the bundle names the nodes. */
  readonly contactPoints: readonly string[];
  /** One port for all nodes. The driver also uses it for the nodes that it discovers. */
  readonly port: number;
  readonly localDataCenter: string;
  readonly keyspace: string;
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** Undefined means no TLS. With TLS, the driver always verifies the server's certificate and its name. */
  readonly tls: { readonly caFile: string | undefined } | undefined;
  /** The path of Astra's zip file. It says where the nodes are and holds the certificates for mutual TLS. */
  readonly secureConnectBundle: string | undefined;
  /** What `tally migrate` gives a new keyspace, and expects of an existing one. Undefined: nobody said it. */
  readonly replication: Replication | undefined;
  /** Every contact point is a loopback address of this machine. */
  readonly isLocal: boolean;
}

/** The local runtime's in-memory store, which runs in another process of the same machine. */
interface MemoryConfig {
  readonly kind: 'memory';
  readonly url: string;
}

export type Replication =
  | { readonly strategy: 'SimpleStrategy'; readonly factor: number }
  | { readonly strategy: 'NetworkTopologyStrategy'; readonly factors: Readonly<Record<string, number>> };

/** The settings that every function needs: where it publishes and how it logs. */
export interface PublisherConfig {
  /** When undefined, the Pub/Sub client finds the project in its environment, as it can on Google Cloud. */
  readonly projectId: string | undefined;
  readonly pubsubEmulatorHost: string | undefined;
  /** When undefined, topics and subscriptions have the names in `topology.ts`, without a prefix. */
  readonly environment: string | undefined;
  readonly logLevel: LogLevel;
}

/** The settings of a function or a command that also uses the store. */
export interface Config extends PublisherConfig {
  readonly store: CassandraConfig | MemoryConfig;
}

/** Where spans go, and which are recorded. */
export interface TracesConfig {
  /** The base address of a collector that takes OTLP over HTTP, without a slash at its end. */
  readonly endpoint: string;
  /** Sent with each request, such as the key of the collector. A secret. */
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly sampler: TracesSampler;
}

type TracesSampler =
  /** A trace is recorded if whoever sent the message records it; a trace that begins here always is. */
  | { readonly kind: 'parentbased_always_on' }
  | { readonly kind: 'always_on' }
  /** A share of all traces, by their ids, so that all functions choose the same ones. */
  | { readonly kind: 'traceidratio'; readonly ratio: number };

export const DEFAULT_KEYSPACE = 'ecom_store';
export const DEFAULT_DATA_CENTER = 'datacenter1';
export const DEFAULT_CQL_PORT = 9042;
export const LOCAL_PROJECT_ID = 'tally-local';

const REPLICATION_FACTOR_MAX = 9;

const port = z.coerce.number().int().min(1).max(65_535);

const SAMPLERS = ['parentbased_always_on', 'always_on', 'traceidratio'] as const;

/** What each variable may hold, in words. Every error text quotes it after "expected". */
const ALLOWED = {
  CASSANDRA_CONTACT_POINTS: 'host or host:port, comma-separated, all with the same port',
  CASSANDRA_LOCAL_DATACENTER: 'the name of a data centre: letters, digits, "_", "-" or "."',
  CASSANDRA_KEYSPACE: 'a lower-case letter, then at most 47 lower-case letters, digits or "_"',
  CASSANDRA_USERNAME: 'a user name, together with CASSANDRA_PASSWORD',
  CASSANDRA_PASSWORD: 'a password, together with CASSANDRA_USERNAME',
  CASSANDRA_LOGIN_IN_CLEAR: '"on", which lets the login cross a network without TLS, or "off"',
  CASSANDRA_TLS: '"on" or "off"',
  CASSANDRA_TLS_CA_FILE: 'the path of a PEM file, with CASSANDRA_TLS=on',
  CASSANDRA_SECURE_CONNECT_BUNDLE:
    'the path of Astra’s zip file, with a user name and a password, without contact points, data centre, TLS or replication',
  CASSANDRA_REPLICATION: `"SimpleStrategy:1" or "<data centre>:<replicas>", comma-separated, 1 to ${REPLICATION_FACTOR_MAX} replicas`,
  TALLY_MEMORY_STORE_URL: 'http://127.0.0.1:<port>, as "tally up" sets it',
  GOOGLE_CLOUD_PROJECT: 'a project id: 6 to 30 lower-case letters, digits or "-", starting with a letter',
  // Google's clients split it at its first colon.
  PUBSUB_EMULATOR_HOST: 'host:port, such as localhost:8085, and no address in brackets',
  TALLY_ENVIRONMENT:
    'at most 13 lower-case letters, digits or "-", starting with a letter, not starting with "goog", not ending with "-"',
  LOG_LEVEL: `one of ${LOG_LEVELS.join(', ')}`,
  OTEL_EXPORTER_OTLP_ENDPOINT:
    'http(s)://<host>[:<port>][/<path>] of a collector that takes OTLP as JSON, without a login and without "/v1/traces"',
  OTEL_EXPORTER_OTLP_HEADERS:
    'name=value, comma-separated, each value percent-encoded printable ASCII, such as Authorization=Basic%20<key>',
  OTEL_EXPORTER_OTLP_PROTOCOL: '"http/json", the only protocol that Tally speaks',
  OTEL_SERVICE_NAME: '1 to 100 letters, digits, "_", "-", "." or "/"',
  OTEL_TRACES_SAMPLER: `one of ${SAMPLERS.join(', ')}`,
  OTEL_TRACES_SAMPLER_ARG: 'a number from 0 to 1, with OTEL_TRACES_SAMPLER=traceidratio and only then',
} as const;

export type Variable = keyof typeof ALLOWED;

/** The variables of `loadTracesConfig`, which the local runtime hands on to the functions. */
export const TRACES_VARIABLES = [
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_PROTOCOL',
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
] as const satisfies readonly Variable[];

/** The trimmed value of a variable; undefined when it is missing or empty, which mean the same. */
export const valueIn = (env: Environment, name: string): string | undefined => {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
};

/**
 * Reads the configuration of a function or a command that uses the store.
 * @param env the environment variables; `process.env` when left out.
 * @throws ConfigError with one sentence per problem: the variable, what is allowed, what it got.
 */
export const loadConfig = (env: Environment = process.env): Config => {
  const reader = createReader(env);
  const publisher = readPublisher(reader);
  const store = readMemory(reader) ?? readCassandra(reader, publisher);
  if (reader.problems.length > 0 || store === undefined) throw new ConfigError(reader.problems);
  return { ...publisher, store };
};

/**
 * Reads the configuration of a function that uses no store.
 * @param env the environment variables; `process.env` when left out.
 * @throws ConfigError as `loadConfig` does.
 */
export const loadPublisherConfig = (env: Environment = process.env): PublisherConfig => {
  const reader = createReader(env);
  const publisher = readPublisher(reader);
  if (reader.problems.length > 0) throw new ConfigError(reader.problems);
  return publisher;
};

/**
 * Reads where a function sends its spans. The names are OpenTelemetry's own:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/.
 * @param functionName the service, where `OTEL_SERVICE_NAME` does not name another.
 * @param env the environment variables; `process.env` when left out.
 * @returns undefined without `OTEL_EXPORTER_OTLP_ENDPOINT`. Then the other variables are not looked at.
 * @throws ConfigError as `loadConfig` does.
 */
export const loadTracesConfig = (
  functionName: string,
  env: Environment = process.env,
): TracesConfig | undefined => {
  const reader = createReader(env);
  if (reader.get('OTEL_EXPORTER_OTLP_ENDPOINT') === undefined) return undefined;
  const { read } = reader;
  const endpoint = read('OTEL_EXPORTER_OTLP_ENDPOINT', parseEndpointUrl);
  read('OTEL_EXPORTER_OTLP_PROTOCOL', matching(/^http\/json$/));
  const serviceName = read('OTEL_SERVICE_NAME', matching(/^[\w./-]{1,100}$/)) ?? functionName;
  const headers = readHeaders(reader);
  const sampler = readSampler(reader);
  if (reader.problems.length > 0 || endpoint === undefined) throw new ConfigError(reader.problems);
  return { endpoint, headers, serviceName, sampler };
};

interface Reader {
  /** The variable's trimmed value; undefined when it is missing or empty. */
  readonly get: (name: Variable) => string | undefined;
  /** The variable's value with its spaces; undefined when it is missing or empty. */
  readonly getAsIs: (name: Variable) => string | undefined;
  /** The variable's trimmed value, parsed. When `parse` returns undefined for it, that is a problem. */
  readonly read: <T>(name: Variable, parse: (value: string) => T | undefined) => T | undefined;
  /** Adds a problem: the variable, what is allowed, and what it got. */
  readonly refuse: (name: Variable, got: string) => void;
  readonly problems: readonly string[];
}

const createReader = (env: Environment): Reader => {
  const problems: string[] = [];
  const getAsIs: Reader['getAsIs'] = (name) => (env[name] === '' ? undefined : env[name]);
  const get: Reader['get'] = (name) => valueIn(env, name);
  const refuse: Reader['refuse'] = (name, got) => {
    problems.push(`${name}: expected ${ALLOWED[name]}, got ${got}`);
  };
  return {
    get,
    getAsIs,
    refuse,
    problems,
    read: (name, parse) => {
      const value = get(name);
      if (value === undefined) return undefined;
      const parsed = parse(value);
      // A URL that holds a password has an "@", and no allowed value has one. So such a value is not quoted.
      if (parsed === undefined)
        refuse(name, value.includes('@') ? 'a value with an "@"' : JSON.stringify(value));
      return parsed;
    },
  };
};

const readPublisher = ({ read }: Reader): PublisherConfig => {
  const pubsubEmulatorHost = read('PUBSUB_EMULATOR_HOST', (value) =>
    parseEndpoints(value)?.length === 1 && /^[^[]+:\d+$/.test(value) ? value : undefined,
  );
  const projectId = read('GOOGLE_CLOUD_PROJECT', matching(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/));
  return {
    projectId: projectId ?? (pubsubEmulatorHost === undefined ? undefined : LOCAL_PROJECT_ID),
    pubsubEmulatorHost,
    environment: read('TALLY_ENVIRONMENT', matching(ENVIRONMENT_NAME)),
    logLevel: read('LOG_LEVEL', (value) => LOG_LEVELS.find((level) => level === value)) ?? 'info',
  };
};

const matching =
  (pattern: RegExp) =>
  (value: string): string | undefined =>
    pattern.test(value) ? value : undefined;

const readMemory = ({ read }: Reader): MemoryConfig | undefined => {
  const url = read('TALLY_MEMORY_STORE_URL', (value) => {
    const digits = /^http:\/\/127\.0\.0\.1:(\d+)$/.exec(value)?.[1];
    return port.safeParse(digits).success ? value : undefined;
  });
  return url === undefined ? undefined : { kind: 'memory', url };
};

const readCassandra = (reader: Reader, { environment }: PublisherConfig): CassandraConfig | undefined => {
  const { get, read, refuse } = reader;
  const secureConnectBundle = get('CASSANDRA_SECURE_CONNECT_BUNDLE');
  const endpoints = read('CASSANDRA_CONTACT_POINTS', parseEndpoints);
  if (get('CASSANDRA_CONTACT_POINTS') === undefined && secureConnectBundle === undefined)
    refuse('CASSANDRA_CONTACT_POINTS', 'nothing');
  const localDataCenter = read('CASSANDRA_LOCAL_DATACENTER', matching(/^[\w.-]{1,100}$/));
  const keyspace = read('CASSANDRA_KEYSPACE', matching(/^[a-z][a-z0-9_]{0,47}$/));
  if (environment !== undefined && get('CASSANDRA_KEYSPACE') === undefined)
    refuse('CASSANDRA_KEYSPACE', 'nothing with TALLY_ENVIRONMENT, whose keyspace has no default');
  const replication = read('CASSANDRA_REPLICATION', parseReplication);
  const credentials = readCredentials(reader);
  const tls = readTls(reader);
  const isLocal = endpoints?.every(({ host }) => LOOPBACK.test(host)) ?? false;
  const isInClear = credentials !== undefined && tls === undefined && secureConnectBundle === undefined;
  const mayBeInClear = readSwitch(reader, 'CASSANDRA_LOGIN_IN_CLEAR');
  if (endpoints !== undefined && isInClear && !isLocal && !mayBeInClear)
    refuse('CASSANDRA_LOGIN_IN_CLEAR', 'a login that would leave this machine: set CASSANDRA_TLS=on');
  if (secureConnectBundle !== undefined) refuseBesideBundle(reader);
  if (endpoints === undefined && secureConnectBundle === undefined) return undefined;
  return {
    kind: 'cassandra',
    contactPoints: (endpoints ?? []).map(({ host }) => host),
    port: endpoints?.[0]?.port ?? DEFAULT_CQL_PORT,
    localDataCenter: localDataCenter ?? DEFAULT_DATA_CENTER,
    keyspace: keyspace ?? DEFAULT_KEYSPACE,
    credentials,
    tls,
    secureConnectBundle,
    replication,
    isLocal,
  };
};

/** `'https://collector:4318/'` → `'https://collector:4318'`. */
const parseEndpointUrl = (value: string): string | undefined => {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return undefined;
  const isPlain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return isPlain && !url.pathname.endsWith('/v1/traces') ? url.href.replace(/\/+$/, '') : undefined;
};

/** A header may be a key, so no error text repeats it. */
const readHeaders = ({ get, refuse }: Reader): Readonly<Record<string, string>> => {
  const value = get('OTEL_EXPORTER_OTLP_HEADERS');
  if (value === undefined) return {};
  const pairs = value.split(',').map(parseHeader);
  if (pairs.includes(undefined)) refuse('OTEL_EXPORTER_OTLP_HEADERS', 'something else');
  return Object.fromEntries(pairs.filter((pair) => pair !== undefined));
};

/** `'Authorization=Basic%20a'` → `['Authorization', 'Basic a']`. What Node would not send is undefined. */
const parseHeader = (pair: string): readonly [string, string] | undefined => {
  const [, name, encoded] = /^\s*([\w!#$%&'*+.^`|~-]+)=([\x21-\x7e]+)\s*$/.exec(pair) ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  try {
    const value = decodeURIComponent(encoded);
    return /^[\x20-\x7e]+$/.test(value) && value.trim() === value ? [name, value] : undefined;
  } catch {
    return undefined;
  }
};

const readSampler = ({ get, read, refuse }: Reader): TracesSampler => {
  const kind = read('OTEL_TRACES_SAMPLER', (value) => SAMPLERS.find((one) => one === value));
  const ratio = read('OTEL_TRACES_SAMPLER_ARG', (value) =>
    /^(?:0|1|0?\.\d+|1\.0+)$/.test(value) ? Number(value) : undefined,
  );
  if (kind === 'traceidratio') {
    if (get('OTEL_TRACES_SAMPLER_ARG') === undefined) refuse('OTEL_TRACES_SAMPLER_ARG', 'nothing');
    return { kind, ratio: ratio ?? 0 };
  }
  if (ratio !== undefined)
    refuse('OTEL_TRACES_SAMPLER_ARG', `${ratio} without OTEL_TRACES_SAMPLER=traceidratio`);
  return { kind: kind ?? 'parentbased_always_on' };
};

/** A host that is this machine, whatever its name server says. */
export const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/** Both are set, or neither. A password may begin or end with a space, and no error text repeats it. */
const readCredentials = ({ get, getAsIs, refuse }: Reader): CassandraConfig['credentials'] => {
  const username = get('CASSANDRA_USERNAME');
  const password = getAsIs('CASSANDRA_PASSWORD');
  if (username !== undefined && password !== undefined) return { username, password };
  if (username !== undefined) refuse('CASSANDRA_PASSWORD', 'nothing');
  if (password !== undefined) refuse('CASSANDRA_USERNAME', 'nothing');
  return undefined;
};

const readSwitch = ({ read }: Reader, name: Variable): boolean =>
  read(name, (value) => (['on', 'off'].includes(value) ? value === 'on' : undefined)) ?? false;

const readTls = (reader: Reader): CassandraConfig['tls'] => {
  const { get, refuse } = reader;
  const isOn = readSwitch(reader, 'CASSANDRA_TLS');
  const caFile = get('CASSANDRA_TLS_CA_FILE');
  if (caFile !== undefined && !isOn) refuse('CASSANDRA_TLS_CA_FILE', 'a path without CASSANDRA_TLS=on');
  return isOn ? { caFile } : undefined;
};

/**
 * Refuses the settings that the bundle contains itself. Without this check, the driver would refuse some of
 * them and ignore the others.
 */
const refuseBesideBundle = ({ get, refuse }: Reader): void => {
  const said = [
    'CASSANDRA_CONTACT_POINTS',
    'CASSANDRA_LOCAL_DATACENTER',
    'CASSANDRA_TLS',
    'CASSANDRA_REPLICATION',
  ] as const;
  for (const name of said) {
    if (get(name) !== undefined) refuse('CASSANDRA_SECURE_CONNECT_BUNDLE', `a path together with ${name}`);
  }
  if (get('CASSANDRA_USERNAME') === undefined)
    refuse('CASSANDRA_SECURE_CONNECT_BUNDLE', 'a path without CASSANDRA_USERNAME');
};

/** A host name or an IPv4 address: labels of letters, digits, "-" and "_", with dots between them. */
const HOST = /^(?!-)[\w-]+(?:\.[\w-]+)*$/;

/**
 * Reads `host` or `host:port`, comma-separated. An IPv6 address stands in brackets.
 * `'a, [::1]:9042'` → `[{ host: 'a', port: 9042 }, { host: '::1', port: 9042 }]`.
 * @returns undefined when a part is malformed, or when the ports differ.
 */
export const parseEndpoints = (value: string): { host: string; port: number }[] | undefined => {
  const endpoints = value.split(',').map((part) => {
    const [, bracketed, plain = '', digits] =
      /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d+))?$/.exec(part.trim()) ?? [];
    const parsed = port.safeParse(digits ?? DEFAULT_CQL_PORT);
    const host = bracketed ?? (HOST.test(plain) ? plain : undefined);
    return host === undefined || !parsed.success ? undefined : { host, port: parsed.data };
  });
  const known = endpoints.filter((endpoint) => endpoint !== undefined);
  const hasOnePort = new Set(known.map((endpoint) => endpoint.port)).size === 1;
  return known.length === endpoints.length && hasOnePort ? known : undefined;
};

/** `'dc1:3, dc2:2'` → `{ strategy: 'NetworkTopologyStrategy', factors: { dc1: 3, dc2: 2 } }`. */
const parseReplication = (value: string): Replication | undefined => {
  const factors = value.split(',').map((part): [string, number] | undefined => {
    const [, name, digits] = /^([\w.-]{1,100}):(\d)$/.exec(part.trim()) ?? [];
    const factor = Number(digits);
    return name === undefined || !(factor >= 1 && factor <= REPLICATION_FACTOR_MAX)
      ? undefined
      : [name, factor];
  });
  const known = factors.filter((factor) => factor !== undefined);
  const names = new Set(known.map(([name]) => name));
  if (known.length !== factors.length || names.size !== known.length) return undefined;
  const simple = known.find(([name]) => name === 'SimpleStrategy');
  if (simple === undefined)
    return { strategy: 'NetworkTopologyStrategy', factors: Object.fromEntries(known) };
  return known.length === 1 ? { strategy: 'SimpleStrategy', factor: simple[1] } : undefined;
};
