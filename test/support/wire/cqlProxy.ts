import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type CqlFrame, createFrameSplitter } from './cqlFrame.ts';
import { createStatements, type Statements } from './cqlStatements.ts';

/** One request that a fault has taken on its way through the proxy. */
export interface Exchange {
  readonly request: CqlFrame;
  /** The client's connection. */
  readonly client: Socket;
  readonly statements: Statements;
  /** Sends the request on to Cassandra. `onAnswer` gets the answer instead of the client. */
  readonly forward: (onAnswer: (answer: CqlFrame) => void) => void;
  /** Until `unmute` this connection takes bytes and answers nothing. */
  readonly mute: () => void;
}

interface Fault {
  readonly hits: (request: CqlFrame, statements: Statements) => boolean;
  readonly strike: (exchange: Exchange) => void;
  /** How often it strikes; 1 unless given. */
  readonly times?: number;
}

/** A fault that waits for a request that it hits. */
export interface LaidFault {
  /** How often it has struck so far. */
  readonly struck: () => number;
  readonly lift: () => void;
}

/** A proxy in front of Cassandra. It passes everything on, except the requests that a fault hits. */
export interface CqlProxy {
  readonly port: number;
  readonly lay: (fault: Fault) => LaidFault;
  /** How many connections are open now, and how many there have been. */
  readonly connections: () => { readonly open: number; readonly ever: number };
  /** Sends the bytes that were held back, in both directions and in order. */
  readonly unmute: () => void;
  readonly resetAll: () => void;
  readonly endAll: () => void;
  readonly stop: () => Promise<void>;
}

export const startCqlProxy = async (cassandraPort: number, host = '127.0.0.1'): Promise<CqlProxy> => {
  const statements = createStatements();
  const faults = new Set<{ fault: Fault; struck: number }>();
  const open = new Set<Connection>();
  let ever = 0;

  const strikerOf = (request: CqlFrame): Fault | undefined => {
    for (const laid of faults) {
      if (laid.struck >= (laid.fault.times ?? 1) || !laid.fault.hits(request, statements)) continue;
      laid.struck += 1;
      return laid.fault;
    }
    return undefined;
  };

  const server = createServer((client) => {
    ever += 1;
    const connection = openConnection(client, connect(cassandraPort, host), { statements, strikerOf });
    open.add(connection);
    client.once('close', () => open.delete(connection));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo;

  return {
    port: address.port,
    lay: (fault) => {
      const laid = { fault, struck: 0 };
      faults.add(laid);
      return { struck: () => laid.struck, lift: () => faults.delete(laid) };
    },
    connections: () => ({ open: open.size, ever }),
    unmute: () => {
      for (const connection of open) connection.unmute();
    },
    resetAll: () => {
      for (const connection of open) connection.client.resetAndDestroy();
    },
    endAll: () => {
      for (const connection of open) connection.client.end();
    },
    stop: async () => {
      for (const connection of open) connection.client.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
};

interface Connection {
  readonly client: Socket;
  readonly unmute: () => void;
}

interface Wiring {
  readonly statements: Statements;
  readonly strikerOf: (request: CqlFrame) => Fault | undefined;
}

const openConnection = (client: Socket, node: Socket, { statements, strikerOf }: Wiring): Connection => {
  const waiting = new Map<number, { request: CqlFrame; onAnswer: (answer: CqlFrame) => void }>();
  let keptBack: (() => void)[] | undefined;
  const unlessMute = (step: () => void): void => {
    if (keptBack === undefined) step();
    else keptBack.push(step);
  };
  const pass = (answer: CqlFrame): void => {
    client.write(answer.bytes);
  };

  const send = (request: CqlFrame, onAnswer: (answer: CqlFrame) => void): void => {
    waiting.set(request.stream, { request, onAnswer });
    node.write(request.bytes);
  };
  const onRequest = (request: CqlFrame): void => {
    const striker = strikerOf(request);
    if (striker === undefined) {
      send(request, pass);
      return;
    }
    striker.strike({
      request,
      client,
      statements,
      forward: (onAnswer) => send(request, onAnswer),
      mute: () => {
        keptBack ??= [];
      },
    });
  };
  const onAnswer = (answer: CqlFrame): void => {
    const asked = waiting.get(answer.stream);
    waiting.delete(answer.stream);
    if (asked !== undefined) statements.learn(asked.request, answer);
    // An event answers no request.
    (asked?.onAnswer ?? pass)(answer);
  };

  client.on(
    'data',
    createFrameSplitter((frame) => unlessMute(() => onRequest(frame))),
  );
  node.on(
    'data',
    createFrameSplitter((frame) => unlessMute(() => onAnswer(frame))),
  );
  for (const [end, other] of [
    [client, node],
    [node, client],
  ] as const) {
    // Either side may end at any time: the proxy is here to test that.
    end.on('error', () => {});
    end.once('close', () => other.destroy());
  }
  return {
    client,
    unmute: () => {
      const steps = keptBack ?? [];
      keptBack = undefined;
      for (const step of steps) step();
    },
  };
};
