import { afterEach, describe, expect, it } from 'vitest';
import {
  assertPortFree,
  assertPortsFree,
  findDifferentPorts,
  findFreePort,
  untilPortAnswers,
} from '../../local/ports.ts';
import { errorOf } from '../support/errorOf.ts';
import { hasProgram } from '../support/hasProgram.ts';
import { takePort } from '../support/takePort.ts';

const hasLsof = await hasProgram('lsof', '-v');
const closes: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0)) await close();
});

const takenPort = async (): Promise<number> => {
  const { port, close } = await takePort();
  closes.push(close);
  return port;
};

const CASSANDRA = { purpose: 'Cassandra', option: '--cassandra-port' };
const PUB_SUB = { purpose: 'Pub/Sub', option: '--pubsub-port' };

describe('a port that is needed', () => {
  it('may be free', async () => {
    await assertPortFree(await findFreePort(), 'Cassandra', '--cassandra-port');
  });

  it('is refused by its purpose, with the option that changes it', async () => {
    const port = await takenPort();

    const { message } = await errorOf(assertPortFree(port, 'Cassandra', '--cassandra-port'));

    expect(message).toContain(`port ${port}, which Cassandra needs, is taken`);
    expect(message).toContain('stop what listens there, or pass another one with --cassandra-port');
  });

  it.skipIf(!hasLsof)('is refused with the process that has it', async () => {
    const { message } = await errorOf(assertPortFree(await takenPort(), 'Cassandra', '--cassandra-port'));

    expect(message).toContain(`is taken by process ${process.pid} (`);
  });

  it('is refused with every other one that cannot be used, in one error', async () => {
    const [first, second, free] = [await takenPort(), await takenPort(), await findFreePort()];

    const { message } = await errorOf(
      assertPortsFree([
        { port: first, ...CASSANDRA },
        { port: free, purpose: 'onOrder', option: '--functions-port' },
        { port: second, ...PUB_SUB },
      ]),
    );

    expect(message.split('\n').map((line) => line.slice(0, line.indexOf(' is taken')))).toEqual([
      `port ${first}, which Cassandra needs,`,
      `port ${second}, which Pub/Sub needs,`,
    ]);
  });

  it('is refused when two parts shall have it', async () => {
    const port = await findFreePort();

    const { message } = await errorOf(
      assertPortsFree([
        { port, ...CASSANDRA },
        { port, ...PUB_SUB },
      ]),
    );

    expect(message).toBe(
      `port ${port}, which Pub/Sub needs, is given to Cassandra, too: pass another one with --pubsub-port`,
    );
  });
});

describe('ports that are free', () => {
  it('differ, also many of them', async () => {
    const ports = await findDifferentPorts(500);

    expect(new Set(ports).size).toBe(500);
    await assertPortsFree(ports.slice(0, 3).map((port) => ({ port, ...CASSANDRA })));
  });
});

describe('the wait for a port', () => {
  it('ends when something accepts, and is an error when nothing does in time', async () => {
    await untilPortAnswers(await takenPort());

    const port = await findFreePort();
    const { message } = await errorOf(untilPortAnswers(port, { timeoutMs: 50 }));
    expect(message).toBe(`nothing answers at 127.0.0.1:${port} after 50 ms`);
  });
});
