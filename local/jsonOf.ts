/** What a JSON text says; undefined for any other text, such as half a line of a process that died. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // The error quotes the text, which may hold a secret, so nobody sees it.
    return undefined;
  }
};
