import { hash } from 'node:crypto';
import { maskBody } from '../masking/maskBody.ts';
import { readSubject } from '../messaging/parseMessage.ts';
import type { Tell } from '../messaging/pushEndpoint.ts';
import type { Store } from '../store/store.ts';

/** A larger payload is cut to this size in its dead letter. No body that can be accepted is larger. */
export const PAYLOAD_BYTES_MAX = 1024 * 1024;

interface RecordReportsDeps {
  readonly store: Pick<Store, 'recordDeadLetter'>;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Tells by writing one row of `dead_letters` for each report. Whoever tells it again writes the same row. */
export const createRecordReports =
  ({ store, clock }: RecordReportsDeps): Tell =>
  async (event, reports) => {
    const { orderId, paymentId } = readSubject(event.data);
    const row = {
      toldBy: event.eventId,
      publishedAtMs: event.publishedAtMs,
      originTopic: event.origin,
      originMessageId: event.originMessageId,
      recordedAtMs: clock(),
      ...payloadOf(event.data),
      isRedacted: event.isRedacted,
      redriveCount: event.redriveCount,
      orderId,
      paymentId,
    };
    await Promise.all(reports.map((report) => store.recordDeadLetter({ ...report, ...row })));
  };

/** The payload as it is kept. A cut may leave a card number where there was none, so it is masked again. */
const payloadOf = (data: Uint8Array) => {
  const payloadBytes = data.byteLength;
  if (payloadBytes <= PAYLOAD_BYTES_MAX) return { payload: data, payloadBytes, payloadSha256: undefined };
  const { data: payload } = maskBody(data.subarray(0, PAYLOAD_BYTES_MAX));
  return { payload, payloadBytes, payloadSha256: hash('sha256', data) };
};
