import type { ScriptedHandlers } from './scripted.ts';
import {
  ALL_REPLICAS,
  ANSWERS_NEEDED,
  bitsIn,
  type Operation,
  QUORUM,
  type Queued,
  REPLICAS,
  type Running,
  type State,
} from './state.ts';

/** What a step needs to know of its world. */
export interface Rules {
  readonly handlers: ScriptedHandlers;
  /** Writes that no handler ever reads: at which replica one arrives first changes nothing. */
  readonly isUnread: (write: number) => boolean;
}

export const spend = (state: State): State => ({ ...state, faultsLeft: state.faultsLeft - 1 });

export const deliver = async (state: State, message: number, rules: Rules): Promise<State> => {
  const number = state.messages[message]?.number ?? -1;
  const node = await rules.handlers.start(number);
  const messages = state.messages.map((queued, index) =>
    index === message && queued.status === 0 ? { ...queued, status: 1 as const } : queued,
  );
  return settle({ ...state, messages }, state.handlers.length, { message, node }, rules);
};

/** One operation at one replica. */
export const reach = (state: State, index: number, replica: number, rules: Rules): State | Promise<State> => {
  const operation = state.operations[index];
  if (operation === undefined) throw new Error(`no operation ${index}`);
  const pending = operation.pending & ~(1 << replica);
  const reached = REPLICAS - bitsIn(pending);
  const has = state.replicas[replica] ?? 0;
  if (operation.isWrite) {
    const replicas = state.replicas.map((bits, which) =>
      which === replica ? bits | (1 << operation.number) : bits,
    );
    const isEnough = reached === ANSWERS_NEEDED && operation.asker !== -1;
    const isOver = pending === 0 || (reached >= QUORUM && rules.isUnread(operation.number));
    const left = { ...operation, pending, asker: isEnough ? -1 : operation.asker };
    const next = {
      ...state,
      replicas,
      operations: replaced(state.operations, index, isOver ? undefined : left),
    };
    return isEnough ? proceed(next, operation.asker, operation.call, 'done', rules) : next;
  }
  const seen = operation.seen | (has & rules.handlers.relevantTo(operation.number));
  if (reached < ANSWERS_NEEDED) {
    return { ...state, operations: replaced(state.operations, index, { ...operation, pending, seen }) };
  }
  const next = { ...state, operations: replaced(state.operations, index, undefined) };
  return proceed(next, operation.asker, operation.call, seen, rules);
};

/** A write that no handler reads arrives everywhere in one step. */
export const keepUnread = (
  state: State,
  index: number,
  result: 'done' | 'failed',
  rules: Rules,
): State | Promise<State> => {
  const operation = state.operations[index];
  if (operation === undefined) throw new Error(`no operation ${index}`);
  const unread = state.unread | (1 << operation.number);
  const next = { ...state, unread, operations: replaced(state.operations, index, undefined) };
  return proceed(next, operation.asker, operation.call, result, rules);
};

/**
 * A write that a quorum has is seen by every read that begins from now on, whether or not it reaches the last replica: it is
 * taken to have reached it, unless a read is half-way that could tell. What no handler reads is taken to be lost with its
 * handler; that it had arrived is another state.
 */
export const forgetLateWrites = (state: State, { handlers, isUnread }: Rules): State => {
  const halfWay = state.operations.filter(({ isWrite, pending }) => !isWrite && pending !== ALL_REPLICAS);
  let { replicas } = state;
  const operations = state.operations.filter((operation) => {
    const { asker, isWrite, number, pending } = operation;
    if (asker !== -1 || !isWrite) return true;
    if (isUnread(number)) return false;
    if (REPLICAS - bitsIn(pending) < QUORUM) return true;
    if (halfWay.some((read) => (handlers.relevantTo(read.number) & (1 << number)) !== 0)) return true;
    replicas = replicas.map((bits) => bits | (1 << number));
    return false;
  });
  return { ...state, replicas, operations };
};

export const fail = (state: State, index: number, rules: Rules): State | Promise<State> => {
  const operation = state.operations[index];
  if (operation === undefined) throw new Error(`no operation ${index}`);
  const left = operation.isWrite ? { ...operation, asker: -1 } : undefined;
  const next = { ...state, operations: replaced(state.operations, index, left) };
  return proceed(next, operation.asker, operation.call, 'failed', rules);
};

export const publish = (
  state: State,
  index: number,
  call: number,
  number: number,
  result: 'done' | 'failed',
  rules: Rules,
): State | Promise<State> => {
  const messages: Queued[] = [...state.messages, { number, status: 0 }];
  return proceed({ ...state, messages }, index, call, result, rules);
};

export const crash = (state: State, index: number): State => {
  const message = state.handlers[index]?.message;
  return {
    ...withoutHandler(state, index),
    messages: state.messages.map((queued, which) =>
      which === message && queued.status === 1 ? { ...queued, status: 0 } : queued,
    ),
  };
};

export const proceed = (
  state: State,
  index: number,
  call: number,
  result: 'done' | 'failed' | number,
  rules: Rules,
): State | Promise<State> => {
  const running = state.handlers[index];
  if (running === undefined) return state;
  const answered = rules.handlers.answer(running.node, call, result);
  const goOn = (node: number) => settle(state, index, { ...running, node }, rules);
  return answered instanceof Promise ? answered.then(goOn) : goOn(answered);
};

/** Puts a handler where it stands now: its new calls are under way, or its answer is given. */
const settle = (state: State, index: number, running: Running, { handlers }: Rules): State => {
  const { calls, results, status } = handlers.nodeAt(running.node);
  if (status !== undefined) {
    const acked = status === 204 ? 2 : 0;
    const rest = withoutHandler(state, index);
    return {
      ...rest,
      isGivenBack: status !== 204,
      messages: rest.messages.map((queued, which) =>
        which === running.message && queued.status !== 2 ? { ...queued, status: acked } : queued,
      ),
    };
  }
  const known = new Set(state.operations.filter(({ asker }) => asker === index).map(({ call }) => call));
  const begun: Operation[] = [];
  for (const [call, asked] of calls.entries()) {
    if (asked.kind === 'publish' || results[call] !== undefined || known.has(call)) continue;
    const number = asked.kind === 'write' ? asked.write : asked.read;
    begun.push({
      asker: index,
      call,
      number,
      isWrite: asked.kind === 'write',
      pending: ALL_REPLICAS,
      seen: 0,
    });
  }
  const next = [...state.handlers];
  next[index] = running;
  return { ...state, handlers: next, operations: [...state.operations, ...begun] };
};

/** Nobody waits any more for what it asked; its writes may arrive yet. */
const withoutHandler = (state: State, index: number): State => {
  const next = [...state.handlers];
  next[index] = undefined;
  return {
    ...state,
    handlers: next,
    operations: state.operations.flatMap((operation) => {
      if (operation.asker !== index) return [operation];
      return operation.isWrite ? [{ ...operation, asker: -1 }] : [];
    }),
  };
};

const replaced = <T>(items: readonly T[], index: number, item: T | undefined): T[] =>
  items.flatMap((other, which) => (which === index ? (item === undefined ? [] : [item]) : [other]));
