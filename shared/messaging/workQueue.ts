/** One message that was delivered and waits to be handled. */
interface Work {
  readonly bytes: number;
  /** Handles it. Never rejects. */
  readonly run: () => Promise<void>;
  /** Lets Pub/Sub deliver it again. It is called instead of `run` for what still waits at a stop. */
  readonly giveBack: () => void;
}

interface WorkLimits {
  /** So many messages are in hand at most. */
  readonly messagesMax: number;
  /** So many bytes are in hand at most. A larger message is handled alone. */
  readonly bytesMax: number;
}

interface WorkQueue {
  readonly add: (work: Work) => void;
  /** How many messages are in hand. */
  readonly inHand: () => number;
  /** Gives back what waits, and from now on all that comes. What is in hand goes on. */
  readonly stop: () => void;
}

/**
 * Handles messages in the order in which they come, several at a time. What exceeds the limits waits here.
 * The caller bounds how much waits: a Pub/Sub stream delivers no more than its own limits until messages are
 * acked.
 */
export const createWorkQueue = ({ messagesMax, bytesMax }: WorkLimits): WorkQueue => {
  const waiting: Work[] = [];
  let messages = 0;
  let bytes = 0;
  let isStopped = false;

  const fits = (work: Work): boolean =>
    messages === 0 || (messages < messagesMax && bytes + work.bytes <= bytesMax);

  const startNext = (): void => {
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
        work.giveBack();
        return;
      }
      waiting.push(work);
      startNext();
    },
    inHand: () => messages,
    stop: () => {
      isStopped = true;
      for (const work of waiting.splice(0)) work.giveBack();
    },
  };
};
