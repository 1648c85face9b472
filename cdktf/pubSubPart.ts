/** As much of a synthesised stack as this needs. */
interface StackJson {
  readonly terraform: { readonly required_providers: object };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** What an emulator knows of: it has no accounts and no functions. */
const KEPT = ['google_pubsub_topic', 'google_pubsub_subscription'];
/** Nobody listens there: RFC 863's port. */
const ENDPOINT = 'http://127.0.0.1:9/';
/** Google's emulator refuses more; production takes 31 days. */
const RETENTION = '604800s';

/**
 * A stack's topics and subscriptions alone, for a Pub/Sub emulator: they wait for nothing that is not in it, and push without a
 * token, for whose account the emulator would ask Google.
 * @param address `host:port` of the emulator.
 */
export const pubSubPart = ({ terraform, resource }: StackJson, address: string): object => ({
  terraform: { required_providers: terraform.required_providers },
  provider: {
    google: [
      { access_token: 'none', project: 'tally-validate', pubsub_custom_endpoint: `http://${address}/v1/` },
    ],
  },
  resource: Object.fromEntries(
    KEPT.map((type) => [
      type,
      Object.fromEntries(Object.entries(resource[type] ?? {}).map(([id, fields]) => [id, kept(fields)])),
    ]),
  ),
});

const kept = (fields: Fields): Fields => {
  const others = Object.entries(fields).filter(([field]) => !['depends_on', 'project', '//'].includes(field));
  return {
    ...Object.fromEntries(others),
    ...('push_config' in fields
      ? { push_config: { push_endpoint: ENDPOINT }, message_retention_duration: RETENTION }
      : {}),
  };
};
