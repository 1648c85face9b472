import type { PublisherConfig } from '../shared/config.ts';
import { createPublisher, type Publisher } from '../shared/messaging/publisher.ts';

/** Opens the publisher of a command. The caller closes it. */
export const openPublisher = ({ config }: { readonly config: PublisherConfig }): Publisher => {
  // There is no Google metadata server beside an emulator, and the client would look for one.
  if (config.pubsubEmulatorHost !== undefined) process.env.METADATA_SERVER_DETECTION ||= 'none';
  const publisher = createPublisher(config);
  // A client that never reached Pub/Sub fails to close, too. Its publish has said why, and none is under way.
  return { ...publisher, close: () => publisher.close().catch(() => {}) };
};
