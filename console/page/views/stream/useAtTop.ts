import { useEffect, useRef } from 'preact/hooks';

interface PaneRef {
  readonly current: HTMLElement | null;
}

/**
 * Whether the newest row is in sight. Wide, the list scrolls by itself; narrow, the page does. It is looked
 * at when something scrolls: with each frame, it would make the browser lay the page out once more.
 * @param onChange is called when that changes.
 */
export const useAtTop = (pane: PaneRef, onChange: () => void): { readonly current: boolean } => {
  const isAtTop = useRef(true);
  useEffect(() => {
    const look = (): void => {
      const { current } = pane;
      const wasAtTop = isAtTop.current;
      isAtTop.current =
        current === null || (current.scrollTop <= 1 && current.getBoundingClientRect().top >= 0);
      if (isAtTop.current !== wasAtTop) onChange();
    };
    look();
    addEventListener('scroll', look, { capture: true, passive: true });
    return () => removeEventListener('scroll', look, { capture: true });
  }, []);
  return isAtTop;
};
