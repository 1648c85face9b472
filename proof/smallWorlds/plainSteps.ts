import { ALL_REPLICAS, bitsIn, REPLICAS } from './state.ts';
import type { SearchedWorld } from './smallWorld.ts';
import type { Result } from './handlerNodes.ts';

/** A call to the replicas. */
interface PlainOperation {
  readonly call: number;
  readonly number: number;
  readonly isWrite: boolean;
  readonly answersNeeded: number;
  /** The replicas that it has not reached yet, as bits. */
  readonly pending: number;
  readonly seen: number;
}

interface PlainRunning {
  /** The index of its message in `messages`. */
  readonly message: number;
  readonly node: number;
  readonly operations: readonly PlainOperation[];
}

/** A state of a small world, without any reduction. */
export interface Plain {
  /** The writes that each replica has, as bits. */
  readonly replicas: readonly number[];
  readonly running: readonly PlainRunning[];
  /** Writes for which no handler waits any more. */
  readonly late: readonly PlainOperation[];
  readonly messages: readonly { readonly number: number; readonly status: 'waits' | 'runs' | 'acked' }[];
  readonly faultsLeft: number;
}

interface Hooks {
  /** Called when a read is answered, with the handler's node before and after the answer. */
  readonly onRead: (node: number, next: number) => void;
  /** Called when a handler nacks its message. */
  readonly onNack: (faultsLeft: number) => void;
}

/** Returns a function that finds all next states: one leg, one publish, one delivery or one fault later. */
export const createPlainSteps = ({ handlers }: SearchedWorld, { onRead, onNack }: Hooks) => {
  const deliver = async (state: Plain, message: number): Promise<Plain> => {
    const messages = state.messages.map((queued, which) =>
      which === message && queued.status === 'waits' ? { ...queued, status: 'runs' as const } : queued,
    );
    const node = await handlers.start(state.messages[message]?.number ?? -1);
    const running = { message, node, operations: [] };
    return stand({ ...state, messages, running: [...state.running, running] }, state.running.length, running);
  };

  const answer = async (state: Plain, at: number, call: number, result: Result): Promise<Plain> => {
    const running = handlerAt(state, at);
    const node = await handlers.answer(running.node, call, result);
    if (typeof result === 'number') onRead(running.node, node);
    return stand(state, at, { ...running, node });
  };

  const stand = (state: Plain, at: number, running: PlainRunning): Plain => {
    const { calls, results, status } = handlers.nodeAt(running.node);
    if (status !== undefined) {
      if (status !== 204) onNack(state.faultsLeft);
      return leave(state, at, status === 204);
    }
    const operations = [...running.operations];
    for (const [call, asked] of calls.entries()) {
      const isKnown = results[call] !== undefined || operations.some((known) => known.call === call);
      if (asked.kind === 'publish' || isKnown) continue;
      const isWrite = asked.kind === 'write';
      const number = isWrite ? asked.write : asked.read;
      operations.push({
        call,
        number,
        isWrite,
        answersNeeded: asked.answersNeeded,
        pending: ALL_REPLICAS,
        seen: 0,
      });
    }
    return { ...state, running: state.running.with(at, { ...running, operations }) };
  };

  const reach = (
    state: Plain,
    at: number,
    operation: PlainOperation,
    replica: number,
  ): Plain | Promise<Plain> => {
    const { call, isWrite, number } = operation;
    const has = state.replicas[replica] ?? 0;
    const pending = operation.pending & ~(1 << replica);
    const seen = isWrite ? 0 : operation.seen | (has & handlers.relevantTo(number));
    const replicas = isWrite ? state.replicas.with(replica, has | (1 << number)) : state.replicas;
    const next = { ...operation, pending, seen };
    const isEnough = REPLICAS - bitsIn(pending) >= operation.answersNeeded;
    const without = withoutCall({ ...state, replicas }, at, call);
    if (!isEnough) {
      const running = handlerAt(state, at);
      const operations = running.operations.map((other) => (other === operation ? next : other));
      return { ...state, replicas, running: state.running.with(at, { ...running, operations }) };
    }
    const late = isWrite && pending !== 0 ? [...without.late, next] : without.late;
    return answer({ ...without, late }, at, call, isWrite ? 'done' : seen);
  };

  const publishes = async (state: Plain, at: number): Promise<Plain[]> => {
    const { calls, results } = handlers.nodeAt(handlerAt(state, at).node);
    const found: Plain[] = [];
    for (const [call, asked] of calls.entries()) {
      if (asked.kind !== 'publish' || results[call] !== undefined) continue;
      const taken = [...state.messages, { number: asked.message, status: 'waits' as const }];
      found.push(await answer({ ...state, messages: taken }, at, call, 'done'));
      if (state.faultsLeft === 0) continue;
      found.push(await answer(spent({ ...state, messages: taken }), at, call, 'failed'));
      found.push(await answer(spent(state), at, call, 'failed'));
    }
    return found;
  };

  const operationsOf = async (state: Plain, at: number): Promise<Plain[]> => {
    const found: Plain[] = [];
    for (const operation of handlerAt(state, at).operations) {
      for (const replica of replicasIn(operation.pending)) {
        found.push(await reach(state, at, operation, replica));
      }
      if (state.faultsLeft === 0) continue;
      // After a timeout, the legs of a write that have not arrived may still arrive, or never.
      const without = withoutCall(spent(state), at, operation.call);
      const late = operation.isWrite ? [...without.late, operation] : without.late;
      found.push(await answer({ ...without, late }, at, operation.call, 'failed'));
    }
    return found;
  };

  return async (state: Plain): Promise<Plain[]> => {
    const found: Plain[] = [];
    for (const [message, { status }] of state.messages.entries()) {
      if (status === 'waits') found.push(await deliver(state, message));
      else if (state.faultsLeft > 0) found.push(await deliver(spent(state), message));
    }
    for (const at of state.running.keys()) {
      found.push(...(await publishes(state, at)), ...(await operationsOf(state, at)));
      if (state.faultsLeft > 0) found.push(leave(spent(state), at, false));
    }
    for (const [index, operation] of state.late.entries()) {
      for (const replica of replicasIn(operation.pending)) found.push(arriveLate(state, index, replica));
    }
    return found;
  };
};

const spent = (state: Plain): Plain => ({ ...state, faultsLeft: state.faultsLeft - 1 });

const handlerAt = ({ running }: Plain, at: number): PlainRunning => {
  const found = running[at];
  if (found === undefined) throw new Error(`no handler ${at}`);
  return found;
};

const replicasIn = (bits: number): number[] => [0, 1, 2].filter((replica) => (bits & (1 << replica)) !== 0);

const withoutCall = (state: Plain, at: number, call: number): Plain => {
  const running = handlerAt(state, at);
  const operations = running.operations.filter((other) => other.call !== call);
  return { ...state, running: state.running.with(at, { ...running, operations }) };
};

/** Removes a handler. Its writes may still arrive. */
const leave = (state: Plain, at: number, acks: boolean): Plain => {
  const { message, operations } = handlerAt(state, at);
  return {
    ...state,
    running: state.running.toSpliced(at, 1),
    late: [...state.late, ...operations.filter(({ isWrite }) => isWrite)],
    messages: state.messages.map((queued, which) =>
      which !== message || queued.status === 'acked'
        ? queued
        : { ...queued, status: acks ? 'acked' : 'waits' },
    ),
  };
};

const arriveLate = (state: Plain, index: number, replica: number): Plain => {
  const operation = state.late[index];
  if (operation === undefined) throw new Error(`no late write ${index}`);
  const pending = operation.pending & ~(1 << replica);
  const has = (state.replicas[replica] ?? 0) | (1 << operation.number);
  return {
    ...state,
    replicas: state.replicas.with(replica, has),
    late: pending === 0 ? state.late.toSpliced(index, 1) : state.late.with(index, { ...operation, pending }),
  };
};
