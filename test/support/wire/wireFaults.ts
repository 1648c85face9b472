import { type CqlErrorName, errorFrame, unpreparedFrame } from './cqlErrors.ts';
import type { Exchange } from './cqlProxy.ts';

/** What a fault does to the exchange that it strikes. */
export type Strike = (exchange: Exchange) => void;

/** Cassandra does not get the request, and the client gets an error. */
export const failBefore =
  (name: CqlErrorName): Strike =>
  ({ client, request }) =>
    void client.write(errorFrame(request, name));

/** Cassandra executes the request, but the client gets an error. */
export const failAfter =
  (name: CqlErrorName): Strike =>
  ({ client, request, forward }) =>
    forward(() => client.write(errorFrame(request, name)));

export const forgetStatement: Strike = ({ client, request, statements }) =>
  void client.write(unpreparedFrame(request, statements.idOf(request)));

/**
 * What a connection may do instead of answering. "Before": Cassandra does not get the request. "After": it
 * executes it.
 */
export const CONNECTION_STRIKES = {
  'is reset before the statement arrives': ({ client }) => void client.resetAndDestroy(),
  'is reset after the statement took effect': ({ client, forward }) =>
    forward(() => client.resetAndDestroy()),
  'is closed before the statement arrives': ({ client }) => void client.end(),
  'is closed after the statement took effect': ({ client, forward }) => forward(() => client.end()),
  'is closed in the middle of the answer': ({ client, forward }) =>
    forward(({ bytes }) => client.end(bytes.subarray(0, Math.ceil(bytes.byteLength / 2)))),
  'is reset in the middle of the answer’s header': ({ client, forward }) =>
    forward(({ bytes }) => client.write(bytes.subarray(0, 4), () => client.resetAndDestroy())),
} as const satisfies Readonly<Record<string, Strike>>;

/** The connection is half open: it takes this and all later requests, and answers nothing. */
export const fallSilent: Strike = ({ mute }) => mute();

/** The same, but Cassandra executes the request. Its answer comes once the connection answers again. */
export const fallSilentAfter: Strike = ({ client, mute, forward }) => {
  mute();
  forward(({ bytes }) => client.write(bytes));
};

/** The answer comes when `released` resolves. */
export const holdAnswer =
  (released: Promise<unknown>): Strike =>
  ({ client, forward }) =>
    forward(({ bytes }) => void released.then(() => client.write(bytes)));

/** The client gets these bytes instead of the answer. */
export const answerWith =
  (bytesOf: (exchange: Exchange) => Buffer): Strike =>
  (exchange) =>
    void exchange.client.write(bytesOf(exchange));
