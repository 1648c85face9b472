import { useEffect, useRef } from 'preact/hooks';

/**
 * When what was open beside a list is closed, the focus goes back to its row: that may be seen only then.
 * @param open undefined: nothing is.
 * @param selectorOf finds the link by the name of what was open, which is escaped.
 */
export const useFocusBack = (open: string | undefined, selectorOf: (name: string) => string): void => {
  const was = useRef(open);
  useEffect(() => {
    const closed = was.current;
    was.current = open;
    if (closed === undefined || open !== undefined) return;
    document.querySelector<HTMLElement>(selectorOf(CSS.escape(closed)))?.focus();
  }, [open]);
};
