import { Agent, request } from 'node:http';

/** Where pushes go, and how many are in flight. */
interface PushLoad {
  /** The port of 127.0.0.1. */
  readonly port: number;
  /** Answers with the bodies one after the other. */
  readonly bodyOf: (index: number) => string;
  readonly count: number;
  readonly inFlight: number;
}

/**
 * Sends pushes over connections that stay open, always so many at a time.
 * @throws Error at the first answer that is not an ack.
 */
export const pushLoad = async ({ port, bodyOf, count, inFlight }: PushLoad): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  let next = 0;
  const sendOn = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const status = await post(port, bodyOf(index), agent);
      if (status !== 204 && status !== 200) throw new Error(`a push was answered with ${status}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: inFlight }, sendOn));
  } finally {
    agent.destroy();
  }
};

const post = (port: number, body: string, agent: Agent): Promise<number> => {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  request({ host: '127.0.0.1', port, method: 'POST', path: '/', agent, headers }, (response) => {
    response.once('end', () => resolve(response.statusCode ?? 0)).resume();
    response.once('error', reject);
  })
    .once('error', reject)
    .end(body);
  return promise;
};
