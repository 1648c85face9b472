import { assertResourceName } from './assertResourceName.ts';
import { assertRetentionSeconds } from './subscriptionSettings.ts';

export interface Topic {
  /** `projects/<project>/topics/<name>` */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The server keeps it and shows it, but the topic retains nothing. A seek that needs it is refused. */
  readonly retentionSeconds?: number | undefined;
}

/** @throws StatusError INVALID_ARGUMENT for a topic that production refuses. */
export const assertTopic = ({ name, retentionSeconds }: Topic): void => {
  assertResourceName('topics', name);
  if (retentionSeconds !== undefined) assertRetentionSeconds(retentionSeconds);
};
