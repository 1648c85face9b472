import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../../proof/until.ts';
import type { DeadLetterDeps } from '../../../../console/server/deadLetters/deadLetterDeps.ts';
import { createPublisher, type Publisher } from '../../../../shared/messaging/publisher.ts';
import { createCassandraOperationsStore } from '../../../../shared/store/cassandraOperationsStore.ts';
import { filterOf, openDeadLetterWorld, refusedOrder } from '../../../support/console/deadLetterWorld.ts';
import { hasCassandra } from '../../../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../../../support/functions/integration.ts';
import type { Pipeline } from '../../../support/functions/pipeline.ts';

const RATE = 40;

describe.skipIf(!hasCassandra)('a redrive in the server', () => {
  const { client, store, start, recordOf } = setUpIntegration();
  let pipeline: Pipeline;
  let publisher: Publisher;
  let deps: Pick<DeadLetterDeps, 'store' | 'publisher'>;
  beforeAll(async () => {
    pipeline = await start();
    publisher = createPublisher({ projectId: pipeline.projectId, environment: undefined });
    deps = { store: { ...store(), ...createCassandraOperationsStore(client()) }, publisher };
    // 500 of one kind, of which 200 are about orders with four digits; and 100 of another kind.
    const letters = [
      ...Array.from({ length: 300 }, (_, index) => refusedOrder(100 + index)),
      ...Array.from({ length: 200 }, (_, index) => refusedOrder(1_000 + index)),
      ...Array.from({ length: 100 }, (_, index) =>
        refusedOrder(5_000 + index, { error: 'body: expected a JSON object, got an array' }),
      ),
    ];
    await Promise.all(letters.map((letter) => store().recordDeadLetter(letter)));
  });
  afterAll(() => publisher?.close());

  /** Orders that a function has accepted. */
  const accepted = (): readonly unknown[] => [
    ...new Set(
      pipeline
        .outcomes()
        .filter(({ outcome }) => outcome === 'stored')
        .map(({ order_id }) => order_id),
    ),
  ];

  it('sends 200 of 500 by a filter, at a rate, and leaves the others alone', async () => {
    const world = openDeadLetterWorld(deps);
    await world.untilPage('', ({ open }) => open === 600);
    const selection = filterOf({ reason: 'invalid', text: 'a string of 4' });
    const run = await world.post('/api/dead-letters/dry-run', { selection });
    expect(run.value).toMatchObject({ selected: 200, sends: 200 });

    await world.post('/api/dead-letters/redrive', { selection, rate: RATE, limit: 200 });
    const job = await world.untilJob(({ became }) => became?.isLooking === false, 30_000);

    expect(job).toMatchObject({ state: 'done', done: 200, became: { followed: 200 } });
    expect(job.became?.terms).toContainEqual({ name: 'stored', count: 200 });
    // The rate is an upper bound: 200 take 5 s at 40 a second. Half a second may be caught up with.
    expect((job.endedAtMs ?? 0) - job.startedAtMs).toBeGreaterThan((200 / RATE) * 1_000 - 500);
    expect(accepted()).toHaveLength(200);
    expect((await recordOf(1_199)).fact?.order.item).toBe('Laptop');
    const page = await world.untilPage('', ({ open }) => open === 400);
    expect(page.groups).toContainEqual(
      expect.objectContaining({ kind: 'price: expected a number', open: 300, all: 500 }),
    );
    await world.close();
  });

  it('stops between two messages, and what is not sent stays open', async () => {
    const world = openDeadLetterWorld(deps);
    await world.untilPage('', ({ open }) => open === 400);
    const selection = filterOf({ kind: 'body: expected a JSON object' });
    const { value } = await world.post('/api/dead-letters/redrive', { selection, rate: 10, limit: 100 });
    await world.untilJob(({ done }) => done >= 5);

    const stopping = await world.post('/api/jobs/stop', { id: value.id });
    const job = await world.untilJob(({ endedAtMs }) => endedAtMs !== null);

    expect(stopping.value.state).toBe('stopping');
    expect(job.state).toBe('stopped');
    expect(job.done).toBeLessThan(20);
    expect(job.command).toContain(`--after ${job.after}`);
    await until('the last ones', () => accepted().length === 200 + job.done);
    expect(await world.post('/api/jobs/stop', { id: value.id })).toMatchObject({ status: 409 });
    const [line] = (await world.get('/api/dead-letters/history')).value;
    expect(line.result).toBe(`${job.done} messages sent, 0 not, then stopped`);
    await world.close();
  });

  it('ends between two messages when the console stops, and is noted', async () => {
    const world = openDeadLetterWorld(deps);
    await world.untilPage('', ({ all }) => all === 600);
    const selection = filterOf({ kind: 'price: expected a number', text: 'a string of 3' });
    await world.post('/api/dead-letters/redrive', { selection, rate: 10, limit: 300 });
    await world.untilJob(({ done }) => done >= 3);
    const before = accepted().length;

    await world.close();

    const [line] = (await world.get('/api/dead-letters/history')).value;
    expect(line.result).toMatch(/^\d{1,2} messages sent, 0 not, then stopped$/);
    expect((await world.post('/api/dead-letters/redrive', { selection, rate: 1, limit: 1 })).status).toBe(
      409,
    );
    await until('what was sent', () => accepted().length >= before);
  });
});
