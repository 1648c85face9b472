/** The id of the field in which a person types this field of a request. */
export const fieldId = (name: string): string => `field-${name}`;
