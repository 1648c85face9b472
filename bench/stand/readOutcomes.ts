import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 20;
/** Nothing new for so long means that something is lost. It is longer than the longest backoff. */
const STALL_TIMEOUT_MS = 90_000;

/** What the consumers have said so far in their output files. */
export interface Said {
  /** Messages of the input topics that were settled for good. */
  readonly inputs: number;
  /** Deliveries of the input topics that failed. */
  readonly retries: number;
  /** Dead letters that were published, and how many of them were recorded. */
  readonly told: number;
  readonly recorded: number;
}

/** Counts what consumers print, as they print it. */
export interface OutcomeReader {
  readonly read: () => Promise<Said>;
  /**
   * Waits until so many messages of the input topics are settled, and all dead letters of theirs.
   * @throws Error when nothing new comes for 90 s.
   */
  readonly untilSettled: (inputs: number) => Promise<Said>;
  readonly close: () => Promise<void>;
}

/** @param parse adds what a piece of output says to the counts. A piece ends with a whole line. */
export const readOutcomes = async (
  files: readonly string[],
  parse: (text: string, said: MutableSaid) => void = parseOutcomes,
): Promise<OutcomeReader> => {
  const handles = await Promise.all(files.map((file) => open(file, 'r')));
  const positions = handles.map(() => 0);
  const said: MutableSaid = { inputs: 0, retries: 0, told: 0, recorded: 0 };
  const chunk = Buffer.alloc(1 << 20);

  const readFile = async (index: number): Promise<void> => {
    const handle = handles[index];
    for (;;) {
      const { bytesRead } = (await handle?.read(chunk, 0, chunk.length, positions[index])) ?? {
        bytesRead: 0,
      };
      const end = chunk.subarray(0, bytesRead).lastIndexOf('\n') + 1;
      if (end === 0) return;
      positions[index] = (positions[index] ?? 0) + end;
      parse(chunk.toString('latin1', 0, end), said);
    }
  };
  const read = async (): Promise<Said> => {
    for (const index of handles.keys()) await readFile(index);
    return { ...said };
  };
  return {
    read,
    untilSettled: async (inputs) => {
      let last = '';
      let movedAt = performance.now();
      for (;;) {
        const now = await read();
        if (now.inputs >= inputs && now.recorded >= now.told) return now;
        const key = JSON.stringify(now);
        if (key !== last) movedAt = performance.now();
        if (performance.now() - movedAt > STALL_TIMEOUT_MS)
          throw new Error(`expected ${inputs} settled messages, and nothing new came for 90 s: ${key}`);
        last = key;
        await delay(LOOK_EVERY_MS);
      }
    },
    close: async () => {
      await Promise.all(handles.map((handle) => handle.close()));
    },
  };
};

type MutableSaid = { -readonly [Name in keyof Said]: Said[Name] };

/** Outcome lines of Tally. */
const parseOutcomes = (text: string, said: MutableSaid): void => {
  for (const line of text.split('\n')) {
    if (!line.includes('"message":"message settled"')) continue;
    const isRetry = line.includes('"settlement":"retry"');
    if (line.includes('"function":"onDlq"')) said.recorded += isRetry ? 0 : 1;
    else if (isRetry) said.retries += 1;
    else {
      said.inputs += 1;
      if (/"outcome":"(?:parked|invalid)"|"findings":\["/.test(line)) said.told += 1;
    }
  }
};

/** Lines of the reference's consumers, one for each acknowledge. */
export const parseAcknowledged = (text: string, said: MutableSaid): void => {
  for (const [, count] of text.matchAll(/^acknowledged (\d+)$/gm)) said.inputs += Number(count);
};
