/** The part of a synthesised stack that this file reads. */
interface StackJson {
  readonly terraform: { readonly required_providers: object };
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

type Fields = Readonly<Record<string, unknown>>;

/** An emulator knows only these types of resource. */
const KEPT = ['google_pubsub_topic', 'google_pubsub_subscription'];
/** The port of RFC 863 (discard). Nothing listens there. */
const ENDPOINT = 'http://127.0.0.1:9/';
/** Seven days. Google's emulator refuses more, and production accepts 31 days. */
const RETENTION = '604800s';
const LEFT_OUT = ['depends_on', 'lifecycle', 'project', '//'];

interface EmulatorProps {
  /** `host:port` of the emulator. It serves REST there, which is all that the provider speaks. */
  readonly address: string;
  readonly project: string;
}

/**
 * Returns only the topics and subscriptions of a stack, for a Pub/Sub emulator. They depend on nothing else.
 * They push without a token, because the emulator would ask Google about the account of a token.
 */
export const pubSubPart = (
  { terraform, resource }: StackJson,
  { address, project }: EmulatorProps,
): object => ({
  // All of them, because Terraform would drop an unused one from the lock file, which it may not change.
  terraform: { required_providers: terraform.required_providers },
  provider: {
    google: [{ access_token: 'none', project, pubsub_custom_endpoint: `http://${address}/v1/` }],
  },
  resource: Object.fromEntries(
    KEPT.map((type) => [
      type,
      Object.fromEntries(Object.entries(resource[type] ?? {}).map(([id, fields]) => [id, kept(fields)])),
    ]),
  ),
});

const kept = (fields: Fields): Fields => {
  const others = Object.entries(fields).filter(([field]) => !LEFT_OUT.includes(field));
  return {
    ...Object.fromEntries(others),
    ...('push_config' in fields
      ? { push_config: { push_endpoint: ENDPOINT }, message_retention_duration: RETENTION }
      : {}),
  };
};
