import { Session } from 'node:inspector/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { LONG_BODIES } from './generate/longBodies.ts';

/** How often the blocks of the product's code ran while a body was read. */
export interface Work {
  readonly reading: string;
  readonly body: string;
  /** One number for each size. */
  readonly blocks: readonly number[];
}

/**
 * A thread that counts the work of the product's code: how often each block runs, as V8 counts it for
 * coverage. The speed of the machine plays no part. V8 does not count code that was compiled before the
 * counting starts, so the product is loaded after that. The work inside a regular expression or inside
 * `JSON.parse` is not counted.
 */
const sizes = workerData as readonly number[];
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

const { maskBody } = await import('../../shared/masking/maskBody.ts');
const { parseOrder } = await import('../../shared/messaging/parseMessage.ts');
const { parsePushBody } = await import('../../shared/messaging/pushBody.ts');
const { maskCardNumbers } = await import('../../shared/masking/maskCardNumbers.ts');

const refused = (read: () => unknown): void => {
  try {
    read();
  } catch {
    // Other tests check the refusal.
  }
};

const FAULT = 'masked again and again';
const FAULTY_BODY = 'single digits with spaces';

const READINGS: Readonly<Record<string, (body: Buffer) => unknown>> = {
  'masked as text': (body) => maskCardNumbers(body.toString()),
  'masked as a body': (body) => maskBody(body),
  'read as an order': (body) => refused(() => parseOrder(body)),
  'read as a push': (body) => refused(() => parsePushBody('POST', body)),
  // A planted bug: its work grows with the square of the length, and the test must see that.
  [FAULT]: (body) => {
    for (let from = 0; from < body.length; from += 512) maskBody(body.subarray(from));
  },
};

const countBlocks = async (): Promise<number> => {
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result
    .filter(({ url }) => url.includes('/shared/'))
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((total, { count }) => total + count, 0);
};

const works: Work[] = [];
for (const [reading, read] of Object.entries(READINGS)) {
  const bodies = Object.entries(LONG_BODIES).filter(([body]) => reading !== FAULT || body === FAULTY_BODY);
  for (const [body, make] of bodies) {
    const blocks: number[] = [];
    // V8 loses some counts while it optimizes, so it optimizes before the first count.
    read(make(Math.max(...sizes)));
    for (const size of sizes) {
      const made = make(size);
      await countBlocks();
      read(made);
      blocks.push(await countBlocks());
    }
    works.push({ reading, body, blocks });
  }
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
parentPort?.postMessage(works);
