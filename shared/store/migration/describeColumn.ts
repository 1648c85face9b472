/**
 * A column in words that a person can compare, from the values of `system_schema.columns`.
 * `('timestamp', 'clustering', 1, 'desc')` → `'timestamp, clustering key 2, descending'`.
 */
export const describeColumn = (type: string, kind: string, position: number, order: string): string => {
  switch (kind) {
    case 'partition_key':
      return `${type}, partition key ${position + 1}`;
    case 'clustering':
      return `${type}, clustering key ${position + 1}, ${order === 'desc' ? 'descending' : 'ascending'}`;
    default:
      return `${type}, ${kind}`;
  }
};
