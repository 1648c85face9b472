import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../../../../proof/until.ts';
import { audit } from '../../../../shared/audit/audit.ts';
import { formatPlace } from '../../../../shared/domain/deadLetterPlace.ts';
import { type DeadLetter, deadLetterKeyOf } from '../../../../shared/domain/deadLetter.ts';
import { dayOf } from '../../../../shared/domain/dayOf.ts';
import { createMemoryStore } from '../../../../shared/store/memoryStore.ts';
import { recordOnly } from '../../../support/audit/acceptAll.ts';
import { filterOf, openDeadLetterWorld, refusedOrder } from '../../../support/console/deadLetterWorld.ts';
import { paymentEntry } from '../../../support/messages/entries.ts';

/** Dead letters in a store, and a publisher that confirms only the first `sends`. */
const openWorld = async (letters: readonly DeadLetter[], { sends = Infinity } = {}) => {
  const store = createMemoryStore();
  for (const letter of letters) await store.recordDeadLetter(letter);
  let sent = 0;
  const publish = async (): Promise<string> => {
    sent += 1;
    if (sent > sends) throw new Error('publish to orders_data was not confirmed');
    return String(sent);
  };
  const world = openDeadLetterWorld({ store, publisher: { publish } });
  onTestFinished(world.close);
  await world.untilPage('', ({ open }) => open === letters.length);
  return { store, world };
};
const orders = (first: number, count: number) =>
  Array.from({ length: count }, (_, index) => refusedOrder(first + index));
const isOver = ({ endedAtMs }: { endedAtMs: number | null }): boolean => endedAtMs !== null;

describe('at its end, a job', () => {
  it('counts nothing as not done that never existed', async () => {
    const { world } = await openWorld(orders(100, 3));

    await world.post('/api/dead-letters/discard', { selection: filterOf(), limit: 496, because: 'a test' });

    expect(await world.untilJob(isOver)).toMatchObject({ state: 'done', done: 3, total: 3, refused: [] });
  });

  it('has the sum of what was sent, what was refused, and what is left', async () => {
    // Its place is the first, so it is looked at before Pub/Sub fails.
    const refused = refusedOrder(99, { redriveCount: 10, id: '0'.repeat(32) });
    const { world } = await openWorld([refused, ...orders(100, 12)], { sends: 5 });

    await world.post('/api/dead-letters/redrive', { selection: filterOf(), rate: 20, limit: 12 });

    const job = await world.untilJob(isOver);
    expect(job).toMatchObject({ state: 'failed', done: 5, refused: [{ count: 1 }], total: 5 + 1 + 7 });
    expect(job.command).toContain('--limit 7');
  });
});

it.each(['redrive', 'discard'])('takes once what a %s names twice', async (action) => {
  const [letter = refusedOrder(100)] = orders(100, 1);
  const { store, world } = await openWorld([letter]);
  const place = formatPlace({ ...deadLetterKeyOf(letter), reason: letter.reason });
  const some = { selection: { by: 'places', places: [place, place] }, limit: 2, because: 'a test' };

  await world.post(`/api/dead-letters/${action}`, action === 'redrive' ? { ...some, rate: 20 } : some);

  expect(await world.untilJob(isOver)).toMatchObject({ state: 'done', done: 1, total: 1, refused: [] });
  expect(await store.findActions(deadLetterKeyOf(letter))).toHaveLength(1);
});

describe('a discard that fails half-way', () => {
  it('has its count in the history too, and says why', async () => {
    const { store, world } = await openWorld(orders(100, 3));
    const { recordAction } = store;
    vi.spyOn(store, 'recordAction')
      .mockImplementationOnce(recordAction)
      .mockRejectedValue(new Error('the store did not answer'));

    await world.post('/api/dead-letters/discard', { selection: filterOf(), limit: 3, because: 'a test' });

    const job = await world.untilJob(isOver);
    expect(job).toMatchObject({ state: 'failed', done: 1, problem: 'the store did not answer' });
    expect(await store.findOperations(dayOf(job.startedAtMs))).toMatchObject([
      { result: 'failed: 1 dead letter discarded, then the store did not answer' },
    ]);
  });
});

describe('a discard of an order', () => {
  it('takes the payments that wait for it and whose dead letters have expired, as the command does', async () => {
    const { store, world } = await openWorld([refusedOrder(18)]);
    const early = [1, 2].map((number) => paymentEntry(number, { orderId: 18n, paymentId: BigInt(number) }));
    await recordOnly(store, ...early);
    const page = await world.untilPage('text=18', ({ fits }) => fits === 1);

    const some = { selection: filterOf({ text: '18' }), limit: page.fits + page.expired, because: 'a test' };
    await world.post('/api/dead-letters/discard', some);

    expect(await world.untilJob(isOver)).toMatchObject({ state: 'done', done: 3, total: 3, refused: [] });
    expect(await audit(store, { patienceMs: 0 })).toMatchObject({ parked: 0, discarded: 2 });
    expect(await world.untilPage('text=18', ({ fits }) => fits === 0)).toMatchObject({ expired: 0 });
  });
});

describe('a job that is stopped', () => {
  it.each(['redrive', 'discard'])(
    'ends the scan behind its %s, which finds nothing any more',
    async (action) => {
      const { store, world } = await openWorld(orders(100, 1));
      let pages = 0;
      vi.spyOn(store, 'scanDay').mockImplementation(async function* () {
        for (;;) {
          pages += 1;
          await setImmediate();
          yield [];
        }
      });
      const some = { selection: filterOf(), limit: 1, because: 'a test' };
      const rate = action === 'redrive' ? { rate: 1 } : {};
      const { value } = await world.post(`/api/dead-letters/${action}`, { ...some, ...rate });
      await until('a scan', () => pages > 3);

      await world.post('/api/jobs/stop', { id: value.id });

      expect(await world.untilJob(isOver)).toMatchObject({ state: 'stopped', done: 0 });
      const read = pages;
      for (let turn = 0; turn < 10; turn += 1) await setImmediate();
      expect(pages).toBeLessThanOrEqual(read + 1);
    },
  );
});

describe('what is new since the start of a job', () => {
  it('is what fits its filter, by a text too', async () => {
    const { store, world } = await openWorld(orders(100, 1));
    await world.post('/api/dead-letters/discard', {
      selection: filterOf({ text: '100' }),
      limit: 1,
      because: 'a test',
    });

    const later = { recordedAtMs: Date.now() + 60_000 };
    for (const orderId of [900, 901]) await store.recordDeadLetter(refusedOrder(orderId, later));
    await store.recordDeadLetter(refusedOrder(100, { ...later, id: 'ab'.repeat(16) }));

    await world.untilPage('', ({ all }) => all === 4);
    expect((await world.untilJob(({ newSinceStart }) => newSinceStart !== null)).newSinceStart).toBe(1);
  });

  it('is not counted where letters were chosen one by one', async () => {
    const [letter] = orders(100, 1);
    if (letter === undefined) throw new Error('no letter');
    const { store, world } = await openWorld([letter]);
    const places = [formatPlace({ ...deadLetterKeyOf(letter), reason: letter.reason })];
    await world.post('/api/dead-letters/discard', {
      selection: { by: 'places', places },
      limit: 1,
      because: 'a test',
    });

    await store.recordDeadLetter(refusedOrder(900, { recordedAtMs: Date.now() + 60_000 }));

    await world.untilPage('', ({ all }) => all === 2);
    expect((await world.untilJob(isOver)).newSinceStart).toBeNull();
  });
});
