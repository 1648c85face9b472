import * as z from 'zod';
import { CASSANDRA_DELAY_MS_MAX } from '../../../local/cassandra/startSwitchableCassandra.ts';
import { FAULT_NAMES, faultSettingsSchema, SHARE_MAX } from '../../../local/pubsub/server/faults.ts';
import type { LocalControls } from '../../consoleDeps.ts';
import type { Rehearsal } from '../../local/rehearsal.ts';
import { parseRequest } from '../parseRequest.ts';
import { answer, post, type Route } from '../route.ts';
import { tryNow } from '../tryNow.ts';

const cassandraSchema = z.strictObject({ act: z.enum(['stop', 'start']) });
const slowSchema = z.strictObject({
  delayMs: z
    .int(`expected a whole number from 0 to ${CASSANDRA_DELAY_MS_MAX}`)
    .min(0, `expected 0 to ${CASSANDRA_DELAY_MS_MAX}`)
    .max(CASSANDRA_DELAY_MS_MAX, `expected 0 to ${CASSANDRA_DELAY_MS_MAX}`),
});
const faultSchema = z.strictObject({
  name: z.enum(FAULT_NAMES),
  share: z
    .number(`expected a number from 0 to ${SHARE_MAX}`)
    .min(0, `expected 0 to ${SHARE_MAX}`)
    .max(SHARE_MAX, `expected 0 to ${SHARE_MAX}: what is tried again must get through in the end`),
});
const nothingSchema = z.strictObject({});

/** What a person may break in a local system. There are no such routes for any other. */
export const faultRoutes = (rehearsal: Rehearsal, { switches }: LocalControls): readonly Route[] => {
  /** Answers what is so afterwards, or why it could not be done now. */
  const act = <T>(path: string, schema: z.ZodType<T>, work: (body: T) => void | Promise<void>): Route =>
    post(path, async (body) => {
      const read = parseRequest(schema, body);
      await tryNow(() => work(read));
      return answer(rehearsal.state());
    });

  return [
    { method: 'GET', path: '/api/faults', handle: async () => answer(rehearsal.state()) },
    act('/api/faults/cassandra', cassandraSchema, ({ act: asked }) =>
      asked === 'stop' ? rehearsal.stopCassandra() : rehearsal.startCassandra(),
    ),
    act('/api/faults/slow', slowSchema, ({ delayMs }) => rehearsal.slowCassandra(delayMs)),
    act('/api/faults/pubsub', faultSchema, ({ name, share }) => {
      const now = switches.pubsubFaults?.settings() ?? {};
      rehearsal.setFaults(faultSettingsSchema.parse({ ...now, [name]: share }));
    }),
    act('/api/faults/off', nothingSchema, () => rehearsal.turnAllOff()),
  ];
};
