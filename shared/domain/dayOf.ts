export const DAY_MS = 86_400_000;

/** The UTC day of a time in milliseconds since the epoch. `1705831200123` → `'2024-01-21'`. */
export const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);
