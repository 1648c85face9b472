import { expect, it } from 'vitest';
import { discardJob } from '../../../../console/server/jobs/discardJob.ts';
import type { JobRequest } from '../../../../console/server/jobs/jobWork.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { deadLetterRow } from '../../../support/messages/records.ts';

const EXPECTED_MAX = 3;

it.for([
  ['has as many as it was asked for', EXPECTED_MAX, false, 0],
  ['is stopped', 1_000, true, 1_000],
] as const)('reads no further when it %s', async ([, limit, isStopped, left]) => {
  let read = 0;
  const stopping = new AbortController();
  const rows = async function* () {
    for (; read < 100;) {
      read += 1;
      if (isStopped && read === EXPECTED_MAX) stopping.abort();
      yield deadLetterRow(read);
    }
  };
  const request = { selected: { rows, said: 'all' }, because: 'a test', limit } as unknown as JobRequest;
  const deps = { store: createMemoryStore(), clock: Date.now, operator: 'ann' };

  const result = await discardJob(
    deps as unknown as Parameters<typeof discardJob>[0],
    { request, signal: stopping.signal, onProgress: () => {} },
    () => {},
  );

  expect(read).toBe(EXPECTED_MAX);
  expect(result.left).toBe(left);
});
