/** What the browser keeps for this page. One that keeps nothing, as in a private window, is no error. */
export const kept = {
  get: (name: string): string | null => {
    try {
      return localStorage.getItem(`tally.${name}`);
    } catch {
      return null;
    }
  },
  set: (name: string, value: string | null): void => {
    try {
      if (value === null) localStorage.removeItem(`tally.${name}`);
      else localStorage.setItem(`tally.${name}`, value);
    } catch {
      // Then the choice holds until the page is loaded again.
    }
  },
};
