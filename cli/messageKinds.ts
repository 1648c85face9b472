/** What `tally publish` can send. */
export const MESSAGE_KINDS = ['order', 'payment'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];
