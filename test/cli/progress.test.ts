import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createProgress, type ProgressOutput } from '../../cli/progress.ts';

const LINE_UP = '\u001b[1A\u001b[2K';

const recording = (changes: Partial<ProgressOutput> = {}) => {
  let written = '';
  const output: ProgressOutput = {
    write: (text) => {
      written += text;
    },
    ...changes,
  };
  return { output, written: () => written };
};

/** What a terminal shows after all of it: a line that went up and was cleared is gone. */
const shownOn = (written: string): string[] => {
  const lines: string[] = [];
  for (const line of written.split('\n').slice(0, -1)) {
    if (line.startsWith(LINE_UP)) lines.pop();
    lines.push(line.replace(LINE_UP, ''));
  }
  return lines;
};

beforeAll(() => void vi.stubEnv('TERM', 'xterm'));
afterAll(() => void vi.unstubAllEnvs());

describe('progress on a dumb terminal', () => {
  it('writes plain lines, because such a terminal cannot go up a line', () => {
    vi.stubEnv('TERM', 'dumb');
    const { output, written } = recording({ isTTY: true });
    const progress = createProgress('text', output);

    for (const done of [0, 1, 4]) progress({ step: 'Redrive', done, total: 4 });
    vi.stubEnv('TERM', 'xterm');

    expect(written()).toBe('Redrive 0/4\nRedrive 1/4\nRedrive 4/4\n');
  });
});

describe('progress on a terminal', () => {
  it('draws a step’s line over again, and starts a new line with the next step', () => {
    const { output, written } = recording({ isTTY: true });
    const progress = createProgress('text', output);

    progress({ step: 'Cassandra', done: 0, total: 4 });
    progress({ step: 'Cassandra', done: 1, total: 4 });
    progress({ step: 'Cassandra', done: 4, total: 4 });
    progress({ step: 'Schema', detail: 'keyspace ecom_store' });

    expect(written()).toBe(
      [
        'Cassandra [------------------------] 0/4\n',
        `${LINE_UP}Cassandra [######------------------] 1/4\n`,
        `${LINE_UP}Cassandra [########################] 4/4\n`,
        'Schema: keyspace ecom_store\n',
      ].join(''),
    );
  });

  it('always ends its line, so that a result or an error starts on one of its own', () => {
    const { output, written } = recording({ isTTY: true });
    const progress = createProgress('text', output);

    for (const done of [1, 2, 3]) progress({ step: 'Settled', done, total: 3 });

    expect(written().endsWith('\n')).toBe(true);
    expect(shownOn(written())).toEqual(['Settled [########################] 3/3']);
  });

  it('cuts a line at the terminal’s width, for one that wraps cannot be drawn over', () => {
    const { output, written } = recording({ isTTY: true, columns: 20 });
    const progress = createProgress('text', output);

    progress({ step: 'Download', detail: 'https://repo1.maven.org/a' });
    progress({ step: 'Download', detail: 'https://repo1.maven.org/b/c' });
    progress({ step: 'Done' });

    expect(shownOn(written())).toEqual(['Download: https://r', 'Done']);
  });

  it('writes nothing when nothing has changed', () => {
    const { output, written } = recording({ isTTY: true });
    const progress = createProgress('text', output);

    for (let look = 0; look < 3; look += 1) progress({ step: 'Settled', done: 1, total: 3 });

    expect(written()).toBe('Settled [########----------------] 1/3\n');
  });

  it('fills the bar for a count that has gone past its total, or has none to go', () => {
    const { output, written } = recording({ isTTY: true });
    const progress = createProgress('text', output);

    progress({ step: 'Over', done: 5, total: 4 });
    progress({ step: 'None', done: 0, total: 0 });

    expect(shownOn(written())).toEqual([
      'Over [########################] 5/4',
      'None [########################] 0/0',
    ]);
  });
});

describe('progress where nothing can be drawn over', () => {
  it('is one plain line for each step and detail', () => {
    const { output, written } = recording();
    const progress = createProgress('text', output);

    progress({ step: 'Cassandra', detail: 'starting' });
    progress({ step: 'Cassandra', detail: 'starting' });
    progress({ step: 'Cassandra', detail: 'ready' });
    progress({ step: 'Topics and subscriptions' });

    expect(written()).toBe('Cassandra: starting\nCassandra: ready\nTopics and subscriptions\n');
  });

  it('shows a count at every tenth of the way only, the last one included', () => {
    const { output, written } = recording({ isTTY: false });
    const progress = createProgress('text', output);

    for (let done = 0; done <= 1_000; done += 1) progress({ step: 'Settled', done, total: 1_000 });

    const lines = written().trimEnd().split('\n');
    expect(lines).toEqual(Array.from({ length: 11 }, (_, tenth) => `Settled ${tenth * 100}/1000`));
  });

  it('shows a count that has moved after half a minute, too', () => {
    const { output, written } = recording();
    let nowMs = 0;
    const progress = createProgress('text', output, () => nowMs);

    for (const [atMs, done] of [
      [0, 1],
      [29_999, 2],
      [30_000, 3],
      [59_999, 4],
      [60_000, 4],
      [90_000, 4],
    ] as const) {
      nowMs = atMs;
      progress({ step: 'Runs', done, total: 1_000 });
    }

    expect(written()).toBe('Runs 1/1000\nRuns 3/1000\nRuns 4/1000\n');
  });

  it('has no control characters', () => {
    const { output, written } = recording();
    const progress = createProgress('text', output);

    progress({ step: 'Settled', done: 1, total: 2 });
    progress({ step: 'Settled', done: 2, total: 2 });

    expect(written()).toBe('Settled 1/2\nSettled 2/2\n');
  });
});

describe('progress for machines', () => {
  it.for([true, false])('is JSON, one object a line, on a terminal (%s) or not', (isTTY) => {
    const { output, written } = recording({ isTTY });
    const progress = createProgress('json', output);

    progress({ step: 'Schema', detail: 'keyspace "k"\n' });
    progress({ step: 'Settled', done: 1, total: 2 });
    progress({ step: 'Settled', done: 1, total: 2 });

    const lines = written().trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { event: 'progress', step: 'Schema', detail: 'keyspace "k"\n' },
      { event: 'progress', step: 'Settled', done: 1, total: 2 },
    ]);
  });
});
