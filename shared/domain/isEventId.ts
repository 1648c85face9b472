/** The first 128 bits of a hash, in hex. */
export const EVENT_ID_HEX_DIGITS = 32;

const EVENT_ID = new RegExp(`^[0-9a-f]{${EVENT_ID_HEX_DIGITS}}$`);

/** Whether a text is 32 hex digits in lower case: the form of an event's id, and of a finding's. */
export const isEventId = (text: string): boolean => EVENT_ID.test(text);
