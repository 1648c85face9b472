import { invalidArgument } from './statusError.ts';

export type ResourceKind = 'topics' | 'subscriptions';

/** https://cloud.google.com/pubsub/docs/pubsub-basics#resource_names */
const ID_CHARACTERS = { min: 3, max: 255 };
const NOT_ALLOWED = /[^\w.~+%-]/u;

/**
 * Checks the name of a topic or of a subscription against production's rules.
 * @throws StatusError INVALID_ARGUMENT that says which rule the name breaks.
 */
export const assertResourceName = (kind: ResourceKind, name: string): void => {
  const one = kind.slice(0, -1);
  const id = new RegExp(`^projects/[^/]+/${kind}/(?<id>[^/]*)$`).exec(name)?.groups?.id;
  if (id === undefined) throw refused(`A ${one} is named projects/<project>/${kind}/<id>`, name);
  const length = Array.from(id).length;
  if (length < ID_CHARACTERS.min || length > ID_CHARACTERS.max) {
    const { min, max } = ID_CHARACTERS;
    throw refused(`The id of a ${one} has ${min} to ${max} characters, and this one has ${length}`, name);
  }
  const [bad] = NOT_ALLOWED.exec(id) ?? [];
  if (bad !== undefined) {
    throw refused(`The id of a ${one} has letters, digits and -_.~+% only, and this one has "${bad}"`, name);
  }
  if (!/^[A-Za-z]/.test(id)) {
    throw refused(`The id of a ${one} begins with a letter, and this one with "${id[0]}"`, name);
  }
  if (id.startsWith('goog')) {
    throw refused(`The id of a ${one} must not begin with "goog", which is Google's`, name);
  }
};

const refused = (rule: string, name: string) =>
  invalidArgument(`${rule} (name=${name.slice(0, NAME_SHOWN_MAX)}).`);

const NAME_SHOWN_MAX = 100;
