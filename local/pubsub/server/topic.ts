import { assertLabels } from './assertLabels.ts';
import { assertResourceName } from './assertResourceName.ts';
import { assertRetentionSeconds } from './subscriptionSettings.ts';

export interface Topic {
  /** `projects/<project>/topics/<name>` */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** How long its messages stay, acked or not, so that a seek can bring them back. Undefined: not at all. */
  readonly retentionSeconds?: number | undefined;
}

/** @throws StatusError INVALID_ARGUMENT for a topic that production refuses. */
export const assertTopic = ({ name, labels, retentionSeconds }: Topic): void => {
  assertResourceName('topics', name);
  assertLabels(labels);
  if (retentionSeconds !== undefined) assertRetentionSeconds(retentionSeconds);
};
