import { useEffect, useState } from 'preact/hooks';

/** Counts up, once in so many milliseconds, while the component is on the page. */
export const useTick = (everyMs: number): number => {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setCount((old) => old + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return count;
};
