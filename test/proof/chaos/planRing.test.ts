import { expect, it } from 'vitest';
import { planRing } from '../../../proof/chaos/planRing.ts';

it('plans three nodes with a third of the ring each, and a replica of every row on each', async () => {
  const { port, places, env } = await planRing(384);

  expect(places.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
  expect(new Set(places.map(({ storagePort }) => storagePort)).size).toBe(1);
  const third = 2n ** 64n / 3n;
  expect(places.map(({ initialToken }) => initialToken)).toEqual([-third, 0n, third]);
  expect(env).toMatchObject({
    CASSANDRA_CONTACT_POINTS: `127.0.0.1:${port},127.0.0.2:${port},127.0.0.3:${port}`,
    CASSANDRA_REPLICATION: 'datacenter1:3',
  });
});
