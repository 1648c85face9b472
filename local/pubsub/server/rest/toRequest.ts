import { invalidArgument } from '../statusError.ts';
import { jsonNameOf, parseProtoJson } from './parseProtoJson.ts';
import type { ProtoTypes } from './protoTypes.ts';
import type { FoundRoute } from './routes.ts';

/**
 * Puts a request together from its path, its parameters and its body. The path wins over the body, as with
 * Google: https://cloud.google.com/endpoints/docs/grpc/transcoding
 * @returns the request as gRPC's serialiser takes it.
 * @throws StatusError INVALID_ARGUMENT
 */
export const toRequest = (
  types: ProtoTypes,
  { requestType, body: bodyField, pathField, pathValue }: FoundRoute,
  query: ReadonlyMap<string, readonly string[]>,
  body: unknown,
): object => {
  const isWhole = bodyField === '*';
  const hasBody = typeof body !== 'object' || body === null || Object.keys(body).length > 0;
  if (bodyField === undefined && hasBody) {
    throw invalidArgument('Invalid JSON payload received. This method takes no body.');
  }
  const inBody = isWhole ? body : bodyField === undefined ? {} : { [bodyField]: body };
  const request = {
    ...parseProtoJson(types, requestType, inBody),
    ...parseProtoJson(types, requestType, fromQuery(types, requestType, query)),
  };
  return withField(request, pathField.split('.'), pathValue);
};

/** A parameter is a text. What the field needs decides how it is read. */
const fromQuery = (
  types: ProtoTypes,
  requestType: string,
  query: ReadonlyMap<string, readonly string[]>,
): object => {
  const fields = types.fieldsOf(requestType);
  return Object.fromEntries(
    [...query].map(([key, texts]) => {
      const name = jsonNameOf(key);
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field === undefined) {
        throw invalidArgument(
          `Invalid JSON payload received. Unknown name "${key}": Cannot bind query parameter. ` +
            `Field '${key}' could not be found in request message.`,
        );
      }
      const values = texts.map((text) =>
        field.type === 'bool' && ['true', 'false'].includes(text) ? text === 'true' : text,
      );
      return [key, field.isRepeated ? values : values[0]];
    }),
  );
};

const withField = (message: object, [first = '', ...rest]: readonly string[], value: string): object => ({
  ...message,
  [first]: rest.length === 0 ? value : withField(fieldOf(message, first), rest, value),
});

const fieldOf = (message: object, name: string): object => {
  const field: unknown = Reflect.get(message, name);
  return typeof field === 'object' && field !== null ? field : {};
};
