import { readSubject } from '../messaging/parseMessage.ts';
import type { Tell } from '../messaging/settleMessage.ts';
import type { Store } from '../store/store.ts';

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
      payload: event.data,
      payloadBytes: event.cut?.bytes ?? event.data.byteLength,
      payloadSha256: event.cut?.sha256,
      isRedacted: event.isRedacted,
      redriveCount: event.redriveCount,
      orderId,
      paymentId,
    };
    await Promise.all(reports.map((report) => store.recordDeadLetter({ ...report, ...row })));
  };
