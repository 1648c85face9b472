/** A bug of the console ends nothing: it is said in the terminal. @param fields those of `errorFields`. */
export const sayBug = (fields: Record<string, unknown>): void =>
  console.error(JSON.stringify({ message: 'the console failed', ...fields }));
