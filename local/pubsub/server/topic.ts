import { invalidArgument } from './statusError.ts';

export interface Topic {
  /** `projects/<project>/topics/<name>` */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

// 3 to 255 characters, the first one a letter, never "goog" at the start:
// https://cloud.google.com/pubsub/docs/create-topic#resource_names
const TOPIC_NAME = /^projects\/[^/]+\/topics\/(?!goog)[A-Za-z][\w.~+%-]{2,254}$/;

/** @throws StatusError INVALID_ARGUMENT */
export const assertTopicName = (name: string): void => {
  if (!TOPIC_NAME.test(name)) throw invalidArgument(`Not a topic's name: ${name}`);
};
