/** The keyspace is not what Tally needs. The message says what was found, what is wanted, and what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}
