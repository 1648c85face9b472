import { randomBytes } from 'node:crypto';
import * as z from 'zod';

/** One request may take this long. A pull of a thousand messages has at most 10 MB. */
const REQUEST_TIMEOUT_MS = 30_000;
const PULLED_AT_ONCE = 1_000;
/** Longer than it takes to count: a message whose lease runs out would be counted twice. */
const LEASE_SECONDS = 600;

interface Emulator {
  /** `host:port`. */
  readonly address: string;
  readonly projectId: string;
}

/** What a topic has kept since a time. */
export interface Kept {
  readonly messages: number;
  /** When the oldest of them was published; undefined when there is none. */
  readonly oldestAtMs: number | undefined;
}

const pulledSchema = z.object({
  receivedMessages: z
    .array(z.object({ message: z.object({ messageId: z.string(), publishTime: z.iso.datetime() }) }))
    .default([]),
});

/**
 * Counts what an emulator would deliver again. A subscription that is made for it gets what its topic has
 * kept, and is deleted again. Messages and subscriptions of others are left alone.
 * @throws Error that says what the emulator answered.
 */
export const countKept = async (emulator: Emulator, topic: string, sinceMs: number): Promise<Kept> => {
  const subscription = `tally-replay-${randomBytes(6).toString('hex')}`;
  const path = `subscriptions/${subscription}`;
  await ask(emulator, 'PUT', path, {
    topic: `projects/${emulator.projectId}/topics/${topic}`,
    ackDeadlineSeconds: LEASE_SECONDS,
  });
  try {
    await seek(emulator, subscription, sinceMs);
    const times = new Map<string, number>();
    for (;;) {
      const pull = { maxMessages: PULLED_AT_ONCE, returnImmediately: true };
      const { receivedMessages } = pulledSchema.parse(await ask(emulator, 'POST', `${path}:pull`, pull));
      if (receivedMessages.length === 0) break;
      for (const { message } of receivedMessages)
        times.set(message.messageId, Date.parse(message.publishTime));
    }
    const oldestAtMs = [...times.values()].reduce(
      (oldest: number | undefined, atMs) => Math.min(oldest ?? atMs, atMs),
      undefined,
    );
    return { messages: times.size, oldestAtMs };
  } finally {
    await ask(emulator, 'DELETE', path);
  }
};

/** @throws Error that says what the emulator answered. */
export const seek = async (emulator: Emulator, subscription: string, sinceMs: number): Promise<void> => {
  const time = new Date(sinceMs).toISOString();
  await ask(emulator, 'POST', `subscriptions/${subscription}:seek`, { time });
};

const ask = async (
  { address, projectId }: Emulator,
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<unknown> => {
  const response = await fetch(`http://${address}/v1/projects/${projectId}/${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text.trim()}`);
  return text === '' ? {} : JSON.parse(text);
};
