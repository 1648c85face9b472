import * as z from 'zod';
import type { Protos } from '../loadProtos.ts';

const fieldSchema = z.object({
  type: z.string(),
  rule: z.enum(['repeated', 'required']).optional(),
  keyType: z.string().optional(),
});
const methodSchema = z.object({
  requestType: z.string(),
  responseType: z.string(),
  options: z.record(z.string(), z.unknown()).default({}),
});
const nodeSchema = z.object({
  nested: z.record(z.string(), z.unknown()).default({}),
  fields: z.record(z.string(), fieldSchema).default({}),
  values: z.record(z.string(), z.number()).optional(),
  methods: z.record(z.string(), methodSchema).default({}),
});
type Node = z.output<typeof nodeSchema>;

export interface ProtoField {
  /** The name of a scalar, such as `int32`, or the full name of a message or of an enum. */
  readonly type: string;
  readonly isRepeated: boolean;
  /** A map whose keys are texts. */
  readonly isMap: boolean;
}

interface ProtoMethod {
  /** The full name of a message. */
  readonly requestType: string;
  /** The full name of a message. */
  readonly responseType: string;
  /** The method's place in REST, from its `google.api.http` option, by the part: `put`, `body`, … */
  readonly http: Readonly<Record<string, string>>;
}

/** What JSON needs to know about messages, which gRPC's bytes do not tell. Names are full names. */
export interface ProtoTypes {
  /** By the name that the field has in JSON. */
  readonly fieldsOf: (message: string) => Readonly<Record<string, ProtoField>>;
  /** The numbers of an enum by their names. Undefined: this is no enum. */
  readonly valuesOf: (name: string) => Readonly<Record<string, number>> | undefined;
  /** By the method's name. */
  readonly methodsOf: (service: string) => Readonly<Record<string, ProtoMethod>>;
}

const HTTP_OPTION = '(google.api.http).';

export const createProtoTypes = (protos: Protos): ProtoTypes => {
  const nodes = new Map<string, Node | undefined>();

  const nodeAt = (path: string): Node | undefined => {
    if (path === '') return nodeSchema.parse(protos);
    if (nodes.has(path)) return nodes.get(path);
    const dot = path.lastIndexOf('.');
    const parent = nodeAt(dot === -1 ? '' : path.slice(0, dot));
    const found = parent?.nested[path.slice(dot + 1)];
    const node = found === undefined ? undefined : nodeSchema.parse(found);
    nodes.set(path, node);
    return node;
  };

  /** A name in a definition is looked up from the inside out. A name that is not found is a scalar. */
  const resolve = (name: string, scope: string): string => {
    const candidate = scope === '' ? name : `${scope}.${name}`;
    if (nodeAt(candidate) !== undefined) return candidate;
    return scope === '' ? name : resolve(name, scope.slice(0, Math.max(scope.lastIndexOf('.'), 0)));
  };

  return {
    fieldsOf: (message) =>
      mapValues(nodeAt(message)?.fields ?? {}, ({ type, rule, keyType }) => ({
        type: resolve(type, message),
        isRepeated: rule === 'repeated',
        isMap: keyType !== undefined,
      })),
    valuesOf: (name) => nodeAt(name)?.values,
    methodsOf: (service) =>
      mapValues(nodeAt(service)?.methods ?? {}, ({ requestType, responseType, options }) => ({
        requestType: resolve(requestType, service),
        responseType: resolve(responseType, service),
        http: Object.fromEntries(
          Object.entries(options)
            .filter(([option]) => option.startsWith(HTTP_OPTION))
            .map(([option, value]) => [option.slice(HTTP_OPTION.length), String(value)]),
        ),
      })),
  };
};

const mapValues = <From, To>(from: Readonly<Record<string, From>>, to: (value: From) => To) =>
  Object.fromEntries(Object.entries(from).map(([key, value]) => [key, to(value)]));
