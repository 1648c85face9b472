/** How the consumers get their messages. `push`: a process for each function. `pull`: one worker process. */
export const CONSUME_KINDS = ['push', 'pull'] as const;
export type ConsumeKind = (typeof CONSUME_KINDS)[number];
