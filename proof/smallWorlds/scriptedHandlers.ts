import type { Client } from 'cassandra-driver';
import { TransientError } from '../../shared/errors.ts';
import { QUERY_OPTIONS } from '../../shared/store/driver/cassandraClient.ts';
import { createCassandraStore } from '../../shared/store/cassandraStore.ts';
import type { Log } from '../../shared/telemetry/log.ts';
import { SUBSCRIPTIONS, type Topic } from '../../shared/topology.ts';
import { createConsumers } from '../../functions/createConsumers.ts';
import { blockFor } from '../simulation/cassandra/cluster.ts';
import { Replica, type RowWrite } from '../simulation/cassandra/replica.ts';
import { compile } from '../simulation/cassandra/statements.ts';
import type { Call, HandlerNodes, Node, Result } from './handlerNodes.ts';
import type { StatementOptions } from '../simulation/cassandra/driverTypes.ts';
import { canSee, createPagedReads, type PageRead } from './pagedReads.ts';
import { EPOCH_MS } from '../simulation/epochMs.ts';

/** A message of a small world. Two messages with equal fields are one. */
export interface SmallMessage {
  readonly topic: Topic;
  readonly data: Uint8Array;
  readonly attributes: Readonly<Record<string, string>>;
  /** In milliseconds since the epoch. */
  readonly publishTimeMs: number;
}

/** When Tally publishes, in milliseconds since the epoch: after everything else. */
const TALLY_PUBLISHES_AT_MS = EPOCH_MS + 100_000;
/** A set of more writes than this does not fit into the bits of a number. */
const WRITES_MAX = 30;
const MESSAGE_ID = '1';
/** The answer to a write. */
const WRITTEN = { rows: undefined, pageState: null };
const ABANDONED = new TransientError('this run of the handler was abandoned');

/**
 * Runs the real functions, one answer at a time. What a handler does depends only on its message and on the
 * answers that it got. So these name a node, and each node is computed once: the handler runs from its start
 * with the answers of the history.
 */
export class ScriptedHandlers implements HandlerNodes {
  readonly messages: SmallMessage[] = [];
  readonly writes: (readonly RowWrite[])[] = [];
  readonly reads: PageRead[] = [];
  readonly nodes: Node[] = [];
  readonly #paged: ReturnType<typeof createPagedReads>;
  readonly #messageNumbers = new Map<string, number>();
  readonly #writeNumbers = new Map<string, number>();
  readonly #readNumbers = new Map<string, number>();
  readonly #next = new Map<string, number | Promise<number>>();
  /** By read. A value holds while the number of known writes is the same. */
  readonly #relevant = new Map<number, { readonly writes: number; readonly bits: number }>();
  readonly #histories = new Map<number, readonly (readonly [number, Result])[]>();

  /** @param pageRows the most rows of a page. Without it, every read has one page. */
  constructor(pageRows = Infinity) {
    this.#paged = createPagedReads(pageRows);
  }

  message(message: SmallMessage): number {
    const { topic, data, attributes, publishTimeMs } = message;
    const body = Buffer.from(data).toString('latin1');
    const key = JSON.stringify([topic, body, Object.entries(attributes), publishTimeMs]);
    return numberOf(this.#messageNumbers, key, () => this.messages.push(message));
  }

  start(message: number): number | Promise<number> {
    return this.#next.get(`start ${message}`) ?? this.#once(`start ${message}`, message, []);
  }

  /** A promise only when the node is not known yet. */
  answer(node: number, call: number, result: Result): number | Promise<number> {
    const key = `${node} ${call} ${result}`;
    return (
      this.#next.get(key) ??
      this.#once(key, this.nodeAt(node).message, [...(this.#histories.get(node) ?? []), [call, result]])
    );
  }

  nodeAt(node: number): Node {
    const found = this.nodes[node];
    if (found === undefined) throw new Error(`no node ${node}`);
    return found;
  }

  historyOf(node: number): readonly (readonly [number, Result])[] {
    return this.#histories.get(node) ?? [];
  }

  relevantTo(read: number): number {
    const known = this.#relevant.get(read);
    if (known?.writes === this.writes.length) return known.bits;
    const page = this.readAt(read);
    let bits = 0;
    for (const [write, rows] of this.writes.entries()) {
      if (rows.some((row) => canSee(page, row))) bits |= 1 << write;
    }
    this.#relevant.set(read, { writes: this.writes.length, bits });
    return bits;
  }

  readAt(read: number): PageRead {
    const found = this.reads[read];
    if (found === undefined) throw new Error(`no read ${read}`);
    return found;
  }

  /** A replica that has these writes. */
  replicaWith(bits: number): Replica {
    const replica = new Replica();
    for (const [write, rows] of this.writes.entries()) {
      if ((bits & (1 << write)) !== 0) for (const row of rows) replica.apply(row);
    }
    return replica;
  }

  #once(key: string, message: number, history: readonly (readonly [number, Result])[]): Promise<number> {
    const run = this.#run(key, message, history);
    this.#next.set(key, run);
    return run;
  }

  async #run(key: string, message: number, history: readonly (readonly [number, Result])[]): Promise<number> {
    const run = this.#begin(message);
    await settled();
    for (const [call, result] of history) {
      run.answer(call, result);
      await settled();
    }
    const results: (Result | undefined)[] = run.calls.map(() => undefined);
    for (const [call, result] of history) results[call] = result;
    const number = this.nodes.push({ message, calls: [...run.calls], results, status: run.status() }) - 1;
    await run.abandon();
    this.#histories.set(number, history);
    this.#next.set(key, number);
    return number;
  }

  #begin(messageNumber: number) {
    const message = this.messages[messageNumber];
    const spec = SUBSCRIPTIONS.find(({ topic }) => topic === message?.topic);
    if (message === undefined || spec === undefined) throw new Error(`no message ${messageNumber}`);
    const calls: Call[] = [];
    const waiting: { resolve: (value: never) => void; reject: (error: unknown) => void }[] = [];
    let status: number | undefined;
    let isAbandoned = false;
    const ask = <T>(makeCall: () => Call): Promise<T> => {
      if (isAbandoned) return Promise.reject(ABANDONED);
      calls.push(makeCall());
      const { promise, resolve, reject } = Promise.withResolvers<T>();
      waiting.push({ resolve, reject });
      return promise;
    };
    const consumers = createConsumers({
      store: createCassandraStore({ connect: async () => this.#connection(ask), close: async () => {} }),
      publisher: {
        publish: (topic, { data, attributes = {} }) =>
          ask(() => {
            const report = { topic, data, attributes, publishTimeMs: TALLY_PUBLISHES_AT_MS };
            return { kind: 'publish', message: this.message(report) };
          }),
      },
      clock: () => EPOCH_MS,
      log: LOG,
    });
    const { attributes } = message;
    const publishTime = new Date(message.publishTimeMs).toISOString();
    const data = Buffer.from(message.data).toString('base64');
    const rawBody = Buffer.from(
      JSON.stringify({
        subscription: `projects/small/subscriptions/${spec.name}`,
        message: { data, attributes, messageId: MESSAGE_ID, publishTime },
      }),
    );
    const answered = consumers[spec.consumer]({ method: 'POST', headers: {}, rawBody }).then((answer) => {
      status = answer.status;
    });
    return {
      calls,
      status: () => status,
      /**
       * Ends the handler. A handler that waits for ever would keep its timer, and the process would not end.
       */
      abandon: async (): Promise<void> => {
        isAbandoned = true;
        for (const { reject } of waiting) reject(ABANDONED);
        await answered.catch((error: unknown) => {
          if (status !== undefined) throw error;
        });
      },
      answer: (call: number, result: Result) => {
        const asked = calls[call];
        if (result === 'failed') return waiting[call]?.reject(new TransientError('the world failed'));
        const value =
          asked?.kind === 'read' && typeof result === 'number'
            ? this.#paged.pageOf(this.readAt(asked.read), this.replicaWith(result))
            : 'confirmed';
        waiting[call]?.resolve(value as never);
      },
    };
  }

  #connection(ask: <T>(makeCall: () => Call) => Promise<T>): Client {
    const write = (
      statements: readonly { readonly query: string; readonly params: readonly unknown[] }[],
    ): number => {
      const key = JSON.stringify(statements, (_, value: unknown) =>
        typeof value === 'bigint' ? `${value}n` : value,
      );
      const number = numberOf(this.#writeNumbers, key, () => this.writes.push(statements.map(bindWrite)));
      if (number >= WRITES_MAX)
        throw new Error(`expected at most ${WRITES_MAX} different writes in a small world, got more`);
      return number;
    };
    const connection = {
      execute: (query: string, params: readonly unknown[], options?: StatementOptions) => {
        // It says where a dead letter is found. No handler reads it, so its time makes no difference.
        if (query.startsWith('INSERT INTO dead_letters_by_order ')) return Promise.resolve(WRITTEN);
        const statement = compile(query);
        const answersNeeded = answersNeededBy(options);
        if (statement.kind === 'write') {
          return ask(() => ({ kind: 'write', write: write([{ query, params }]), answersNeeded }));
        }
        const pageState = options?.pageState;
        const key = `${query} ${params.join()} ${pageState}`;
        const makeRead = () => this.#paged.toPageRead(statement.bind(params), pageState);
        return ask(() => ({
          kind: 'read',
          read: numberOf(this.#readNumbers, key, () => this.reads.push(makeRead())),
          answersNeeded,
        }));
      },
      batch: (statements: Parameters<typeof write>[0], options?: StatementOptions) =>
        ask(() => ({
          kind: 'write',
          write: write(statements),
          answersNeeded: answersNeededBy(options),
        })),
    };
    return connection as unknown as Client;
  }
}

const answersNeededBy = ({ consistency = QUERY_OPTIONS.consistency }: StatementOptions = {}): number =>
  blockFor(consistency);

const numberOf = (numbers: Map<string, number>, key: string, add: () => number): number => {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  const number = add() - 1;
  numbers.set(key, number);
  return number;
};

const bindWrite = ({
  query,
  params,
}: {
  readonly query: string;
  readonly params: readonly unknown[];
}): RowWrite => {
  const statement = compile(query);
  if (statement.kind !== 'write') throw new Error(`expected a write in a batch, got: ${query}`);
  return statement.bind(params, () => {
    throw new Error(`expected a write with USING TIMESTAMP, got: ${query}`);
  });
};

/** Resolves when all resumed code waits again. */
const settled = (): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  setImmediate(resolve);
  return promise;
};

const LOG: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: (fields: object) => {
    throw new Error(`an error was logged: ${JSON.stringify(fields)}`);
  },
};
