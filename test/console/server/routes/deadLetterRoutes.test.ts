import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../../../shared/audit/audit.ts';
import type { DeadLetterDeps } from '../../../../console/server/deadLetters/deadLetterDeps.ts';
import { createPublisher, type Publisher } from '../../../../shared/messaging/publisher.ts';
import { formatPlace } from '../../../../shared/domain/deadLetterPlace.ts';
import { createCassandraOperationsStore } from '../../../../shared/store/cassandraOperationsStore.ts';
import { type DeadLetter, deadLetterKeyOf } from '../../../../shared/domain/deadLetter.ts';
import { filterOf, openDeadLetterWorld, refusedOrder } from '../../../support/console/deadLetterWorld.ts';
import { hasCassandra } from '../../../support/cassandra/testKeyspace.ts';
import { setUpIntegration } from '../../../support/functions/integration.ts';
import type { Pipeline } from '../../../support/functions/pipeline.ts';
import { orderBody, paymentBody } from '../../../support/messages/bodies.ts';

const placeOf = (letter: DeadLetter): string =>
  formatPlace({ ...deadLetterKeyOf(letter), reason: letter.reason });

describe.skipIf(!hasCassandra)('the routes of dead letters', () => {
  const { client, store, source, start, recordOf } = setUpIntegration();
  let pipeline: Pipeline;
  let publisher: Publisher;
  let deps: Pick<DeadLetterDeps, 'store' | 'publisher'>;
  let world: ReturnType<typeof openDeadLetterWorld>;
  const good = [1, 2, 3, 4].map((orderId) => refusedOrder(orderId));
  const again = refusedOrder(5, {}, { price: '1,403.00' });
  // Eight digits of an id could be those of an order. So this one has none.
  const cut = refusedOrder(6, { payloadSha256: 'ab'.repeat(32), id: 'ab'.repeat(16) });
  const tired = refusedOrder(7, { redriveCount: 10 });
  const other = refusedOrder(
    8,
    { error: 'body: expected a JSON object, got 3 bytes', orderId: undefined },
    {},
  );
  beforeAll(async () => {
    pipeline = await start();
    publisher = createPublisher({ projectId: pipeline.projectId, environment: undefined });
    deps = { store: { ...store(), ...createCassandraOperationsStore(client()) }, publisher };
    for (const letter of [...good, again, cut, tired, other]) await store().recordDeadLetter(letter);
    world = openDeadLetterWorld(deps);
  });
  afterAll(async () => {
    await world?.close();
    await publisher?.close();
  });

  it('count groups and list what fits, of one moment', async () => {
    const page = await world.untilPage('', ({ open }) => open === 8);

    expect(page).toMatchObject({ all: 8, fits: 8, pages: 1, listed: 8 });
    expect(page.groups).toMatchObject([
      { reason: 'invalid', kind: null, open: 8, all: 8 },
      { reason: 'invalid', kind: 'price: expected a number', open: 7, all: 7 },
      { reason: 'invalid', kind: 'body: expected a JSON object', open: 1, all: 1 },
    ]);
    expect(page.rows[0]).toMatchObject({ place: placeOf(good[0] ?? again), orderId: '1', isOpen: true });
    expect((await world.get('/api/dead-letters?text=5&sort=newest')).value).toMatchObject({
      said: 'order 5, state open',
      fits: 1,
    });
    expect((await world.get(`/api/dead-letters?text=${cut.id.slice(0, 8)}`)).value.rows).toMatchObject([
      { id: cut.id, isCut: true },
    ]);
    const kind = await world.get('/api/dead-letters?kind=body%3A+expected+a+JSON+object&text=JSON');
    expect(kind.value).toMatchObject({ fits: 1, rows: [{ id: other.id, orderId: null }] });
    expect(kind.value.command).toContain("--error JSON --kind 'body: expected a JSON object'");
  });

  it('refuse fields by name', async () => {
    expect(await world.get('/api/dead-letters?reason=parked&page=0&colour=red')).toMatchObject({
      status: 422,
      value: {
        fields: {
          reason: expect.stringContaining('expected "", "invalid"'),
          page: 'expected a whole number from 1 to 2000',
          colour: 'there is no such field',
        },
      },
    });
    expect(await world.get('/api/dead-letters/letter?place=7')).toMatchObject({
      status: 422,
      value: { fields: { place: 'expected a place: day/shard/id/reason' } },
    });
    expect(
      await world.post('/api/dead-letters/redrive', { selection: filterOf(), rate: 0, limit: 1.5 }),
    ).toMatchObject({
      status: 422,
      value: {
        fields: { rate: 'expected a whole number from 1 to 5000', limit: expect.stringContaining('1000000') },
      },
    });
    expect(await world.post('/api/dead-letters/dry-run', { selection: { by: 'page' } })).toMatchObject({
      status: 422,
      value: { fields: { 'selection.by': 'expected a selection by filter or by places' } },
    });
    expect(
      await world.post('/api/dead-letters/discard', { selection: filterOf(), limit: 1, because: '  ' }),
    ).toMatchObject({
      status: 422,
      value: { fields: { because: 'expected a text of 1 to 500 bytes, got nothing' } },
    });
  });

  it('show a letter with its payload, its history and its order, and say when there is none', async () => {
    const { value } = await world.get(`/api/dead-letters/letter?place=${placeOf(again)}`);

    expect(value).toMatchObject({
      row: { id: again.id, isOpen: true },
      payload: { isMasked: false, sha256: null, uneditable: null },
      unsendable: null,
      redrives: { done: 0, max: 10 },
      order: { orderId: '5', versions: 0, payments: 0, columns: null },
    });
    expect(value.payload.text).toContain('\n  "price": "1,403.00",\n');
    expect((await world.get(`/api/dead-letters/letter?place=${placeOf(cut)}`)).value).toMatchObject({
      unsendable: expect.stringContaining('its payload was cut'),
      payload: { uneditable: 'its payload was cut, so there is nothing whole to edit' },
    });
    const gone = placeOf(refusedOrder(99));
    expect((await world.get(`/api/dead-letters/letter?place=${gone}`)).status).toBe(404);
  });

  it('say in a dry run what would be sent, as terms that add up', async () => {
    const { value } = await world.post('/api/dead-letters/dry-run', {
      selection: filterOf({ reason: 'invalid' }),
    });

    expect(value.terms).toMatchObject([
      { kind: 'send', text: 'orders_data', count: 5 },
      { kind: 'invalid again', count: 1, place: placeOf(again) },
      { kind: 'refused', text: expect.stringMatching(/cut|redriven 10 times/), count: 1 },
      { kind: 'refused', count: 1 },
    ]);
    expect(value).toMatchObject({ selected: 8, sends: 5, will: '5 orders become visible.' });
    expect(value.first).toHaveLength(3);
    expect(value.command).toMatch(
      /^npx tally dlq redrive --reason invalid --since .*--skip-invalid --dry-run$/,
    );
    const single = { by: 'places', places: [placeOf(cut), placeOf(again)] };
    expect((await world.post('/api/dead-letters/dry-run', { selection: single })).value).toMatchObject({
      selected: 2,
      sends: 0,
    });
    expect(pipeline.outcomes()).toEqual([]);
  });

  it('redrive what the dry run said, follow it into the ledger, and note it in the history', async () => {
    await pipeline.publish('payments_data', paymentBody(1));
    await pipeline.untilOutcome(({ order_id }) => order_id === '1');
    const selection = filterOf({ reason: 'invalid', kind: 'price: expected a number' });

    const started = await world.post('/api/dead-letters/redrive', { selection, rate: 500, limit: 4 });
    const second = await world.post('/api/dead-letters/redrive', { selection, rate: 500, limit: 4 });
    const job = await world.untilJob(
      ({ became, newSinceStart }) => became?.isLooking === false && newSinceStart !== null,
    );

    expect(started).toMatchObject({ status: 200, value: { action: 'redrive', total: 4, operator: 'ann' } });
    expect(second).toMatchObject({
      status: 409,
      value: { error: expect.stringContaining('another redrive') },
    });
    expect(job).toMatchObject({
      state: 'done',
      done: 4,
      problem: null,
      after: null,
      newSinceStart: 0,
    });
    expect(job.became).toMatchObject({
      followed: 4,
      terms: [
        { name: 'matched', count: 1 },
        { name: 'stored', count: 3 },
        { name: 'parked', count: 0 },
        { name: 'invalid again', count: 0 },
        { name: 'on their way', count: 0 },
      ],
    });
    for (const { orderId } of good) expect((await recordOf(orderId ?? 0n)).fact?.order.item).toBe('Laptop');
    const page = await world.untilPage('state=closed', ({ fits }) => fits >= 4);
    expect(page.rows.map(({ id }) => id)).toEqual(expect.arrayContaining(good.map(({ id }) => id)));
    const [line] = (await world.get('/api/dead-letters/history')).value;
    expect(line).toMatchObject({
      action: 'dlq redrive',
      operator: 'ann',
      said: expect.stringContaining('reason invalid'),
      result: expect.stringMatching(/^4 messages sent/),
    });
  });

  it('validate a text without a trace, and publish only what the schema accepts', async () => {
    const place = placeOf(again);
    const wrong = '{\n  "order_id": 5,\n  "price": "1,403.00"\n}';
    const right = JSON.stringify(orderBody(5, { price: 1403 }));

    const problems = await world.post('/api/dead-letters/validate', { place, text: wrong });
    const noJson = await world.post('/api/dead-letters/validate', { place, text: '{\n"a": 1,\n oops' });
    const refused = await world.post('/api/dead-letters/edit', { place, text: wrong });
    const published = await world.post('/api/dead-letters/edit', { place, text: right, because: 'typo' });
    await pipeline.untilOutcome(({ order_id, outcome }) => order_id === '5' && outcome === 'stored');

    expect(problems.value).toContainEqual({
      text: expect.stringMatching(/^price: expected/),
      field: 'price',
      line: 3,
    });
    expect(problems.value).toContainEqual({
      text: expect.stringMatching(/^item: expected/),
      field: 'item',
      line: null,
    });
    expect(noJson.value).toMatchObject([{ field: null, line: 3 }]);
    expect(refused).toMatchObject({
      status: 422,
      value: { fields: { text: expect.stringContaining('price: expected') } },
    });
    expect(published).toMatchObject({
      status: 200,
      value: { topic: 'orders_data', messageId: expect.any(String) },
    });
    const { value } = await world.get(`/api/dead-letters/letter?place=${place}`);
    expect(value).toMatchObject({
      row: { isOpen: false },
      actions: [{ kind: 'edited', operator: 'ann', because: 'typo' }],
      order: { versions: 1 },
    });
  });

  it('discard with a reason, single ones too, and leave what is not open', async () => {
    const places = [placeOf(cut), placeOf(good[0] ?? again)];

    await world.post('/api/dead-letters/discard', {
      selection: { by: 'places', places },
      limit: 2,
      because: 'load test',
    });
    const job = await world.untilJob(({ action, endedAtMs }) => action === 'discard' && endedAtMs !== null);

    expect(job).toMatchObject({
      state: 'done',
      done: 1,
      refused: [{ why: 'it is not open any more', count: 1 }],
      became: null,
    });
    const { value } = await world.get(`/api/dead-letters/letter?place=${placeOf(cut)}`);
    expect(value).toMatchObject({
      row: { isOpen: false },
      actions: [{ kind: 'discarded', because: 'load test' }],
    });
  });

  it('resolve a finding with a reason, once, as it was seen', async () => {
    await pipeline.publish('orders_data', orderBody(20));
    for (const paymentId of [9_001, 9_002])
      await pipeline.publish('payments_data', paymentBody(20, { payment_id: paymentId }));
    const { rows } = await world.untilPage('reason=conflict', ({ fits }) => fits === 1);
    const { value } = await world.get(`/api/dead-letters/letter?place=${rows[0]?.place}`);
    const [{ ref, text }] = value.resolvable;
    const resolve = (because: string, refs = [ref]) =>
      world.post('/api/dead-letters/resolve', { orderId: '20', reason: 'conflict', refs, because });

    const [without, changed, done, twice] = [
      await resolve(''),
      await resolve('refunded 9002', [`${ref} 1`]),
      await resolve('refunded 9002', [ref, ref]),
      await resolve('again'),
    ];

    expect(without).toMatchObject({ status: 422, value: { fields: { because: expect.any(String) } } });
    expect(text).toBe('order 20 is paid by 2 payments: 9001, 9002');
    expect(changed).toMatchObject({ status: 409, value: { error: expect.stringContaining('look again') } });
    expect(done).toMatchObject({ status: 200, value: { resolved: [text], changed: 0 } });
    expect(twice).toMatchObject({ status: 409 });
    await world.untilPage('reason=conflict&state=closed', ({ fits }) => fits === 1);
    const { violations } = await audit(source(), { patienceMs: 20_000 });
    // The made-up letters are about orders that came later, which breaks no promise.
    expect(violations).toEqual([]);
  });

  it('ask for the number beyond this machine, and above a thousand', async () => {
    const far = openDeadLetterWorld(deps, { isLocal: false });
    await far.untilPage('', () => true);
    const redrive = (body: object) =>
      far.post('/api/dead-letters/redrive', { selection: filterOf(), rate: 1, ...body });

    expect(await redrive({ limit: 2 })).toMatchObject({
      status: 422,
      value: { fields: { confirm: 'expected 2' } },
    });
    expect(await redrive({ limit: 2, confirm: 3 })).toMatchObject({ status: 422 });
    expect(
      await world.post('/api/dead-letters/discard', { selection: filterOf(), limit: 1_001, because: 'x' }),
    ).toMatchObject({
      status: 422,
      value: { error: 'type 1001 to confirm' },
    });
    await far.close();
  });

  it('say what was done and what was not when Pub/Sub does not confirm, and go on behind it', async () => {
    const letters = Array.from({ length: 12 }, (_, index) => refusedOrder(100 + index));
    for (const letter of letters) await store().recordDeadLetter(letter);
    let published = 0;
    const failing = openDeadLetterWorld({
      ...deps,
      publisher: {
        publish: async (...args) => {
          published += 1;
          if (published > 5) throw new Error('publish to orders_data was not confirmed');
          return publisher.publish(...args);
        },
      },
    });
    await failing.untilPage('text=got+a+string+of+3', ({ fits }) => fits === 12);
    const selection = filterOf({ text: 'got a string of 3' });

    await failing.post('/api/dead-letters/redrive', { selection, rate: 20, limit: 12 });
    const failed = await failing.untilJob(({ endedAtMs }) => endedAtMs !== null);

    expect(failed).toMatchObject({
      state: 'failed',
      done: 5,
      total: 12,
      problem: 'publish to orders_data was not confirmed',
    });
    expect(failed.command).toContain(`--limit 7 --after ${failed.after}`);
    await failing.close();
    const rest = await world.post('/api/dead-letters/redrive', {
      selection,
      rate: 100,
      limit: 7,
      after: failed.after,
    });
    expect(rest.status).toBe(200);
    expect(await world.untilJob(({ became }) => became?.isLooking === false)).toMatchObject({
      state: 'done',
      done: 7,
    });
    for (const { orderId } of letters) expect((await recordOf(orderId ?? 0n)).ledger).toHaveLength(1);
  });
});
