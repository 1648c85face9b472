/**
 * The known differences between Google's emulator (measured: version 0.8.20) and production. Ours does what
 * production does. The contract asserts each difference on both emulators, so that this table stays true.
 * Everything else must be the same on both.
 */
export const KNOWN_DIFFERENCES = {
  pushAttempt: {
    production: 'a push body has deliveryAttempt where there is a dead-letter policy',
    emulator: 'never',
    source: 'https://cloud.google.com/pubsub/docs/handling-failures#track-delivery-attempts',
  },
  pushOrderingKey: {
    production: 'a push body has message.orderingKey where there is one',
    emulator: 'never',
    source: 'https://cloud.google.com/pubsub/docs/reference/rest/v1/PubsubMessage',
  },
  pushWithoutAttributes: {
    production: 'a push body leaves attributes out where there are none',
    emulator: 'attributes: {}',
    source: 'https://cloud.google.com/pubsub/docs/push#receive_push',
  },
  pushAckStatuses: {
    production: 'a push is acked by 102, 200, 201, 202 and 204, and by nothing else',
    emulator: '202 is a nack and 203 an ack',
    source: 'https://cloud.google.com/pubsub/docs/push#receive_push',
  },
  pushesInFlight: {
    production: 'slow start, then as many pushes at once as the endpoint acks',
    emulator: 'two at once',
    source: 'https://cloud.google.com/pubsub/docs/push#delivery_rate',
  },
  streamKeepAlive: {
    production: 'an empty request on a StreamingPull with protocol version 1 is answered',
    emulator: 'never, so that the Node client opens an idle stream again and again',
    source: 'https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest',
  },
  streamFlowControl: {
    production: 'a StreamingPull has no more than maxOutstandingMessages and maxOutstandingBytes unacked',
    emulator: 'both are ignored',
    source: 'https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#streamingpullrequest',
  },
  pullFromPush: {
    production: 'a push subscription refuses Pull and StreamingPull with FAILED_PRECONDITION',
    emulator: 'both are accepted',
    source: 'https://cloud.google.com/pubsub/docs/reference/error-codes',
  },
  pullRetryPolicy: {
    production: 'a nacked message waits as the retry policy says',
    emulator: 'a pulled one comes again at once after its first nack',
    source: 'https://cloud.google.com/pubsub/docs/handling-failures#exponential_backoff',
  },
  ackDeadline: {
    production: 'an ack deadline is 10 to 600 s, and modified to 0 to 600 s',
    emulator: 'shorter ones are accepted, and modified to longer ones',
    source: 'https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#subscription',
  },
  retention: {
    production: 'messages are kept for up to 31 days',
    emulator: 'up to 7 days',
    source: 'https://cloud.google.com/pubsub/docs/subscription-properties#message_retention_duration',
  },
  attributeLimits: {
    production: 'a message takes 100 attributes, keys of 256 bytes, values of 1,024',
    emulator: 'unchecked',
    source: 'https://cloud.google.com/pubsub/quotas#resource_limits',
  },
  topicLabels: {
    production: 'the labels of a topic can be updated',
    emulator: 'refused: labels is not a known field of a topic',
    source: 'https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/patch',
  },
} as const;

export type KnownDifference = keyof typeof KNOWN_DIFFERENCES;
