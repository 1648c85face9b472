/** Whoever selects a word clicks again within this time. */
export const CLICKS_APART_MS = 250;
