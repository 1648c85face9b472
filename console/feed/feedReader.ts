import type { Sampling, StreamFilter, StreamRow } from '../contract.ts';
import type { FeedFrame } from './feed.ts';
import type { KeptMessage } from './keptMessages.ts';
import { isSampled } from './nextSampling.ts';
import { fits, isCalm, isEverything, toStreamRow } from './toStreamRow.ts';

/** A frame is sent four times a second. More rows than this nobody reads, and a browser draws them late. */
const ROWS_MAX = 12;
/** What a new connection gets of what is kept, in its first frames. */
const FIRST_ROWS_MAX = 200;
/** A frame has at most 32 KiB. Its figures have less than six. */
const ROWS_BYTES_MAX = 24 * 1024;
/** A row has about so many bytes, beside its note. */
const ROW_BYTES = 330;
/** What waits for the next frames. Of more, the oldest are left out, and counted. */
const WAITING_MAX = 200;
/**
 * A row that is listed follows its message, until so many others were sent after it. The page has 200, and at
 * most 199 of the others changed where they stood. So at least 201 came on top, and it has the row no more.
 */
const LISTED_MAX = 400;

interface RowReader {
  /** A message has changed. */
  readonly offer: (message: KeptMessage) => void;
  /** The rows of the next frame, oldest change first, and how many were left out since the last. */
  readonly take: () => Pick<FeedFrame, 'rows' | 'isCatchingUp' | 'unlisted'>;
}

/**
 * Chooses the rows of one connection.
 * @param kept the messages that are kept, oldest first.
 * @param sampling how rows are sampled now. A filter turns sampling off.
 */
export const createFeedReader = (
  filter: StreamFilter,
  kept: Iterable<KeptMessage>,
  sampling: () => Sampling,
): RowReader => {
  const isFiltered = !isEverything(filter);
  const listed = new Set<KeptMessage>();
  const waiting = new Set<KeptMessage>();
  let unlisted = 0;
  let isCatchingUp = true;

  const isWanted = (message: KeptMessage): boolean => {
    if (listed.has(message)) return true;
    if (isFiltered) return fits(message, filter);
    const { calm, others } = sampling();
    return isSampled(message.bits, isCalm(message) ? calm : others);
  };
  const wait = (message: KeptMessage): void => {
    // What has changed again is as new as its last change.
    waiting.delete(message);
    waiting.add(message);
    if (waiting.size <= WAITING_MAX) return;
    const [oldest] = waiting;
    if (oldest === undefined) return;
    waiting.delete(oldest);
    unlisted += listed.has(oldest) ? 0 : 1;
  };
  const list = (message: KeptMessage): void => {
    listed.delete(message);
    listed.add(message);
    const [oldest] = listed;
    if (listed.size > LISTED_MAX && oldest !== undefined) listed.delete(oldest);
  };

  const seen = [...kept].filter((message) => message.eventId !== undefined && isWanted(message));
  for (const message of seen.slice(-FIRST_ROWS_MAX)) waiting.add(message);

  return {
    offer: (message) => {
      if (isWanted(message)) wait(message);
    },
    take: () => {
      const rows: StreamRow[] = [];
      let bytes = 0;
      for (const message of waiting) {
        if (!isCatchingUp && rows.length === ROWS_MAX) break;
        const row = toStreamRow(message);
        bytes += ROW_BYTES + 2 * row.note.length;
        if (bytes > ROWS_BYTES_MAX) break;
        waiting.delete(message);
        list(message);
        rows.push(row);
      }
      isCatchingUp &&= waiting.size > 0;
      const missed = unlisted;
      unlisted = 0;
      return { rows, isCatchingUp, unlisted: missed };
    },
  };
};
