/**
 * What is wrong, without the values of one message: errors that differ only in these are of one kind. The
 * parser of messages writes a value behind `, got`. Elsewhere the numbers are the values, also those that are
 * masked because they look like card numbers.
 * `'price: expected a number, got a string of 6 characters'` → `'price: expected a number'`;
 * `'payment 7 waits for order 8'` → `'payment # waits for order #'`.
 */
export const errorKindOf = (error: string): string =>
  error
    .split('; ')
    .map((problem) => {
      const got = problem.indexOf(GOT);
      return got === -1 ? problem.replaceAll(/\**\d+(?:\.\d+)?/g, '#') : problem.slice(0, got);
    })
    .join('; ');

/** The values of one error, without what they are wrong about; the whole error when it names none. */
export const errorValuesOf = (error: string): string => {
  const values = error.split('; ').flatMap((problem) => {
    const got = problem.indexOf(GOT);
    return got === -1 ? [] : [problem.slice(got + 2)];
  });
  return values.length === 0 ? error : values.join('; ');
};

const GOT = ', got ';
