import { Agent, request } from 'node:http';

/** Where pushes go, and how many are in flight. */
interface PushLoad {
  /** Of 127.0.0.1. They take turns, as instances do behind a load balancer. */
  readonly ports: readonly number[];
  /** Answers with the bodies one after the other. */
  readonly bodyOf: (index: number) => string;
  readonly count: number;
  readonly inFlight: number;
}

/**
 * Sends pushes over connections that stay open, always so many at a time.
 * @returns how many answers were not an ack.
 */
export const pushLoad = async ({ ports, bodyOf, count, inFlight }: PushLoad): Promise<number> => {
  const agent = new Agent({ keepAlive: true, maxSockets: inFlight });
  let next = 0;
  let failed = 0;
  const sendOn = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const status = await post(ports[index % ports.length] ?? 0, bodyOf(index), agent);
      if (status !== 204 && status !== 200) failed += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: inFlight }, sendOn));
    return failed;
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
