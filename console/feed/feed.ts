import type { Frame, History, MessageDetail, StreamFilter } from '../contract.ts';

/** Where frames come from: the lines and the messages of a local system, or Google Cloud's own metrics. */
export interface Feed {
  /**
   * What has changed since the last call with this reader.
   * @param reader made by `open`, one for each connection.
   */
  readonly open: (filter: StreamFilter) => FeedReader;
  /** Undefined: the message is not kept any more, or was never seen. @param key that of a `StreamRow`. */
  readonly messageOf: (key: string) => MessageDetail | undefined;
  /** Forgets the payload and the attributes of a message: they were erased. Left out: none are kept. */
  readonly forgetPayload?: (key: string) => void;
  /** @param sinceMs only points that are newer. */
  readonly history: (sinceMs: number) => History;
}

/** A frame, without what only the server knows. */
export type FeedFrame = Omit<Frame, 'startedAtMs'>;

interface FeedReader {
  readonly next: () => FeedFrame;
  readonly close: () => void;
}
