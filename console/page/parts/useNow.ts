import { useTick } from './useTick.ts';

/** The time in milliseconds, told anew every second, for ages that count. */
export const useNow = (): number => {
  useTick(1_000);
  return Date.now();
};
