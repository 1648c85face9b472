/** One message that was delivered and waits to be handled. */
interface Work {
  readonly bytes: number;
  /** Handles it. Never rejects. */
  readonly run: () => Promise<void>;
  /** Lets Pub/Sub deliver it again. It is called instead of `run`. */
  readonly giveBack: (why: 'waited too long' | 'stopped') => void;
}

interface WaitingWork extends Work {
  /** When it came, in milliseconds of this process's clock. */
  readonly sinceMs: number;
}

interface WorkLimits {
  /** So many messages are in hand at most. */
  readonly messagesMax: number;
  /** So many bytes are in hand at most. A larger message is handled alone. */
  readonly bytesMax: number;
  /** What has waited for longer is given back. */
  readonly waitMaxMs: number;
  /** Milliseconds of a clock that only goes forward; `performance.now` when left out. */
  readonly now?: () => number;
}

interface WorkQueue {
  readonly add: (work: Work) => void;
  /** How many messages are in hand. */
  readonly inHand: () => number;
  /** How many messages wait. */
  readonly waiting: () => number;
  /** Gives back what waits, and from now on all that comes. What is in hand goes on. */
  readonly stop: () => void;
}

/**
 * Handles messages in the order in which they come, several at a time. What exceeds the limits waits here.
 * A Pub/Sub stream delivers no more than its own limits until messages are acked or their leases end. So what
 * waits is bounded, as it is given back before that.
 */
export const createWorkQueue = ({
  messagesMax,
  bytesMax,
  waitMaxMs,
  now = () => performance.now(),
}: WorkLimits): WorkQueue => {
  const waiting: WaitingWork[] = [];
  let messages = 0;
  let bytes = 0;
  let isStopped = false;

  const fits = (work: Work): boolean =>
    messages === 0 || (messages < messagesMax && bytes + work.bytes <= bytesMax);

  const giveBackStale = (): void => {
    const earliestMs = now() - waitMaxMs;
    const fresh = waiting.findIndex(({ sinceMs }) => sinceMs >= earliestMs);
    for (const work of waiting.splice(0, fresh === -1 ? waiting.length : fresh))
      work.giveBack('waited too long');
  };

  const startNext = (): void => {
    giveBackStale();
    for (let next = waiting[0]; next !== undefined && fits(next); next = waiting[0]) {
      const work = next;
      waiting.shift();
      messages += 1;
      bytes += work.bytes;
      void work.run().finally(() => {
        messages -= 1;
        bytes -= work.bytes;
        startNext();
      });
    }
  };

  return {
    add: (work) => {
      if (isStopped) {
        work.giveBack('stopped');
        return;
      }
      waiting.push({ ...work, sinceMs: now() });
      startNext();
    },
    inHand: () => messages,
    waiting: () => waiting.length,
    stop: () => {
      isStopped = true;
      for (const work of waiting.splice(0)) work.giveBack('stopped');
    },
  };
};
