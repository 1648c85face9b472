import { invalidArgument } from '../statusError.ts';
import type { ProtoTypes } from './protoTypes.ts';

const VERBS = ['get', 'put', 'post', 'patch', 'delete'] as const;
const PACKAGE = 'google.pubsub.v1';

/** One method of a service, and where REST has it. */
interface Route {
  readonly service: string;
  readonly method: string;
  /** The full name of a message. */
  readonly requestType: string;
  /** The full name of a message. */
  readonly responseType: string;
  /** Which field of the request the body is: `*` is all of them, and undefined is none. */
  readonly body: string | undefined;
}

export interface FoundRoute extends Route {
  /** The field of the request that the path holds, such as `topic.name`. */
  readonly pathField: string;
  readonly pathValue: string;
}

export interface Routes {
  /**
   * Undefined: no method has this verb and this path.
   * @throws StatusError INVALID_ARGUMENT when a `%` in the path encodes nothing.
   */
  readonly find: (verb: string, path: string) => FoundRoute | undefined;
}

/**
 * The places of all methods in REST. Google's protocol definitions name them, so there is no second list.
 * @param services such as `Publisher`.
 */
export const createRoutes = (types: ProtoTypes, services: readonly string[]): Routes => {
  const routes = services.flatMap((service) =>
    Object.entries(types.methodsOf(`${PACKAGE}.${service}`)).flatMap(([method, { http, ...messages }]) =>
      VERBS.flatMap((verb) => {
        const template = http[verb];
        return template === undefined
          ? []
          : [{ verb, ...patternOf(template), route: { service, method, ...messages, body: http.body } }];
      }),
    ),
  );
  return {
    find: (verb, path) => {
      for (const { verb: own, pattern, pathField, route } of routes) {
        const [, value] = own === verb.toLowerCase() ? (pattern.exec(path) ?? []) : [];
        if (value !== undefined) return { ...route, pathField, pathValue: decode(value) };
      }
      return undefined;
    },
  };
};

// A template has one field, of several segments: /v1/{topic=projects/*/topics/*}:publish
const patternOf = (template: string): { readonly pattern: RegExp; readonly pathField: string } => {
  const { before, field, segments, after } =
    /^(?<before>[^{]*)\{(?<field>[\w.]+)=(?<segments>[^}]+)\}(?<after>.*)$/.exec(template)?.groups ?? {};
  if (field === undefined || segments === undefined)
    throw new Error(`not a path with one field: ${template}`);
  return {
    pattern: new RegExp(`^${before}(${segments.replaceAll('*', '[^/]+')})${after}$`),
    pathField: field,
  };
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument('The path has a % that encodes nothing: write %25.');
  }
};
