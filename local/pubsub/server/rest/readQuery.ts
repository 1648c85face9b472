import { invalidArgument, notEmulated } from '../statusError.ts';

/**
 * Parameters of every Google API that change nothing here:
 * https://cloud.google.com/apis/docs/system-parameters
 */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'access_token',
  'key',
  'oauth_token',
  'prettyPrint',
  'quotaUser',
  'uploadType',
  'upload_protocol',
  '$.xgafv',
]);

interface Query {
  /** The fields of the request, by their names. A field that repeats has several texts. */
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly areEnumsNumbers: boolean;
}

/**
 * Parts the fields of the request from the parameters that every Google API has.
 * @throws StatusError INVALID_ARGUMENT or UNIMPLEMENTED
 */
export const readQuery = (parameters: URLSearchParams): Query => {
  const query = new Map<string, readonly string[]>();
  let areEnumsNumbers = false;
  for (const name of new Set(parameters.keys())) {
    const texts = parameters.getAll(name);
    if (name === 'alt' || name === '$alt') {
      const [format, encoding] = (texts[0] ?? '').split(';');
      if (format !== 'json') throw invalidArgument(`The answer is in JSON: ${name} takes json.`);
      areEnumsNumbers = encoding === 'enum-encoding=int';
    } else if (name === 'fields' || name === '$fields' || name === 'callback') {
      throw notEmulated(`parameter ${name}`);
    } else if (!WITHOUT_EFFECT.has(name.replace(/^\$(?=\w)/, ''))) {
      query.set(name, texts);
    }
  }
  return { query, areEnumsNumbers };
};
