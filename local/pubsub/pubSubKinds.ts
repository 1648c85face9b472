/** Where a Pub/Sub can come from: the values of `--pubsub`. */
export const PUB_SUB_KINDS = ['external', 'local', 'google', 'docker'] as const;
export type PubSubKind = (typeof PUB_SUB_KINDS)[number];
