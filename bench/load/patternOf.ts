import type { CassandraClient } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import { createHandle, eventOf } from './createHandle.ts';
import { type EventKind, prerequisitesOf, SECOND_PAYMENT } from './eventKinds.ts';

/** What an event does, call by call: at the driver, or at the port of the store. */
type Pattern = readonly Call[];

interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The order whose calls are taken as the pattern for all others. */
const PATTERN_ORDER = 9_007_199_254;

/**
 * Handles one event of a kind, after what must come before it, and notes the calls of the last one.
 * @param level whose calls are noted.
 */
export const patternOf = async (
  client: CassandraClient,
  kind: EventKind,
  level: 'driver' | 'store',
): Promise<Pattern> => {
  const calls: Call[] = [];
  const store =
    level === 'store'
      ? noting(createCassandraStore(client), calls)
      : createCassandraStore({
          connect: async () => noting(await client.connect(), calls),
          close: () => client.close(),
        });
  const handle = createHandle(store);
  for (const one of [...prerequisitesOf(kind), kind]) {
    calls.length = 0;
    if (one !== 'poison') await handle(one, eventOf(one, PATTERN_ORDER));
  }
  return calls;
};

const noting = <Target extends object>(target: Target, calls: Call[]): Target =>
  new Proxy(target, {
    get: (of, method) => {
      const value: unknown = Reflect.get(of, method, of);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        calls.push({ method: String(method), args });
        return Reflect.apply(value, of, args);
      };
    },
  });

/**
 * Makes the calls of a pattern for another order, one after the other, as the handler does.
 * @param target the driver's client, or the store.
 */
export const replay = async (target: object, pattern: Pattern, orderId: number): Promise<void> => {
  for (const { method, args } of pattern) {
    const call: unknown = Reflect.get(target, method, target);
    if (typeof call !== 'function') throw new Error(`expected a method ${method}`);
    await Reflect.apply(call, target, forOrder(args, BigInt(orderId)) as unknown[]);
  }
};

/** A value of the pattern for another order: its ids follow the order, and everything else stays. */
const forOrder = (value: unknown, orderId: bigint): unknown => {
  if (typeof value === 'bigint') return idFor(value, orderId);
  if (Array.isArray(value)) return value.map((one) => forOrder(one, orderId));
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, forOrder(one, orderId)]));
};

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

const idFor = (id: bigint, orderId: bigint): bigint => {
  const distance = id - BigInt(PATTERN_ORDER);
  return distance === 0n || distance === BigInt(SECOND_PAYMENT) ? orderId + distance : id;
};
