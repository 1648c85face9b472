/**
 * The same as `consumer.py`, for a machine without Python: pull ten messages, handle one after the other,
 * acknowledge all ten. It is started with `orders` or `payments`.
 */
import { PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import { Client, types } from 'cassandra-driver';

const MESSAGES_PER_PULL = 10;
const FIELDS = {
  orders: [
    'order_id',
    'customer_id',
    'item',
    'quantity',
    'price',
    'shipping_address',
    'order_status',
    'creation_date',
  ],
  payments: [
    'payment_id',
    'payment_method',
    'card_last_four',
    'payment_status',
    'payment_datetime',
    'order_id',
  ],
} as const;
const INSERT_ORDER =
  `INSERT INTO orders_payments_facts (${FIELDS.orders.join(', ')}, payment_id, payment_method, ` +
  'card_last_four, payment_status, payment_datetime) VALUES (?, ?, ?, ?, ?, ?, ?, ?, null, null, null, null, null)';
const UPDATE_PAYMENT =
  'UPDATE orders_payments_facts SET payment_id = ?, payment_method = ?, card_last_four = ?, ' +
  'payment_status = ?, payment_datetime = ? WHERE order_id = ?';

const need = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`expected ${name}`);
  return value;
};

const stream = process.argv[2] === 'payments' ? 'payments' : 'orders';
const projectId = need('GOOGLE_CLOUD_PROJECT');
const [host = '', port] = need('CASSANDRA_CONTACT_POINTS').split(':');
const session = new Client({
  contactPoints: [host],
  localDataCenter: 'datacenter1',
  keyspace: need('CASSANDRA_KEYSPACE'),
  protocolOptions: { port: Number(port) },
});
const [apiEndpoint = '', emulatorPort] = need('PUBSUB_EMULATOR_HOST').split(':');
const subscriber = new v1.SubscriberClient({
  projectId,
  apiEndpoint,
  port: Number(emulatorPort),
  sslCreds: credentials.createInsecure(),
});
const deadLetters = new PubSub({ projectId }).topic('dlq_payments_data');
const subscription = `projects/${projectId}/subscriptions/${stream}_data-sub`;

type Fields = Readonly<Record<string, unknown>>;

const execute = (query: string, values: readonly unknown[]) =>
  session.execute(query, [...values], { prepare: true, consistency: types.consistencies.one });

const handle = async (fields: Fields): Promise<void> => {
  const values = FIELDS[stream].map((name) => fields[name]);
  if (stream === 'orders') {
    await execute(INSERT_ORDER, values);
    return;
  }
  const query = `SELECT order_id FROM orders_payments_facts WHERE order_id = ${Number(fields.order_id)}`;
  if ((await session.execute(query)).rowLength > 0) await execute(UPDATE_PAYMENT, values);
  // The reference does not wait for the confirmation either.
  else void deadLetters.publishMessage({ data: Buffer.from(JSON.stringify(fields)) });
};

await session.connect();
console.log('ready');
for (;;) {
  const [{ receivedMessages }] = await subscriber.pull({ subscription, maxMessages: MESSAGES_PER_PULL });
  const received = receivedMessages ?? [];
  for (const { message } of received)
    await handle(JSON.parse(Buffer.from(message?.data ?? '').toString()) as Fields);
  if (received.length === 0) continue;
  await subscriber.acknowledge({ subscription, ackIds: received.map(({ ackId }) => ackId ?? '') });
  console.log(`acknowledged ${received.length}`);
}
