import type { Letter } from '../../deadLetterContract.ts';
import { inspectOrder } from '../../../shared/audit/inspectOrder.ts';
import { isFoundByLedger } from '../../../shared/domain/deadLetter.ts';
import { decodeUtf8 } from '../../../shared/bodyText.ts';
import { maskBody } from '../../../shared/masking/maskBody.ts';
import { inputTopicOf, planRedrive, REDRIVES_MAX } from '../../../shared/operations/planRedrive.ts';
import { openFindings } from '../../../shared/operations/resolve.ts';
import { factColumns } from '../../../shared/store/rows.ts';
import type { OperationsStore } from '../../../shared/store/operationsStore.ts';
import type { DeadLetterPlace } from '../../../shared/domain/deadLetterPlace.ts';
import type { DeadLetterRow, OrderRecord } from '../../../shared/store/auditSource.ts';
import { layOutJson } from './layOutJson.ts';
import { toLetterRow } from './letterPage.ts';
import type { LetterIndex } from './letterIndex.ts';
import { createToLetter } from './toLetter.ts';

/** What the page shows and edits of a payload. `tally dlq show` prints all of it. */
export const PAYLOAD_BYTES_SHOWN_MAX = 64 * 1024;

type Store = Pick<OperationsStore, 'findDeadLetters' | 'findPayload' | 'findActions' | 'findOrderRecord'>;

/** A dead letter's row at its place; undefined when there is none any more. */
export const findRow = async (
  store: Pick<Store, 'findDeadLetters'>,
  place: DeadLetterPlace,
): Promise<DeadLetterRow | undefined> =>
  (await store.findDeadLetters(place)).find(({ reason }) => reason === place.reason);

/** All that a person needs to decide about one dead letter; undefined when there is none any more. */
export const findLetter = async (
  store: Store,
  index: Pick<LetterIndex, 'lookAt'>,
  place: DeadLetterPlace,
): Promise<Letter | undefined> => {
  const row = await findRow(store, place);
  if (row === undefined) return undefined;
  const letter = createToLetter()(row);
  const [payload, actions, record] = await Promise.all([
    store.findPayload(row, row.reason),
    store.findActions(row),
    row.orderId === undefined ? undefined : store.findOrderRecord(row.orderId),
    index.lookAt([letter]),
  ]);
  const plan = planRedrive(row, payload, actions);
  const ofReason = actions.filter(({ reason }) => reason === row.reason);
  const done = Math.max(row.redriveCount, ...ofReason.map(({ redrives }) => redrives ?? 0));
  return {
    row: toLetterRow(letter),
    toldBy: row.toldBy,
    messageId: row.originMessageId,
    recordedAtMs: row.recordedAtMs ?? null,
    payload: payloadOf(
      row,
      payload,
      ofReason.some(({ kind }) => kind === 'erased'),
    ),
    actions: ofReason.map(({ kind, actedAtMs, operator, because, detail, redrives }) => ({
      kind,
      atMs: actedAtMs,
      operator,
      because,
      detail,
      redrives: redrives ?? null,
    })),
    unsendable: plan.kind === 'send' ? null : plan.why,
    redrives: { done, max: REDRIVES_MAX },
    order: record === undefined ? null : orderOf(record),
    resolvable:
      record === undefined
        ? []
        : openFindings(record)
            .filter(({ reason }) => reason === row.reason)
            .map(({ ref, error }) => ({ ref, text: error })),
    commands: { show: `npx tally dlq show ${row.id}`, edit: `npx tally dlq edit ${row.id}` },
  };
};

const payloadOf = (row: DeadLetterRow, payload: Uint8Array, isErased: boolean): Letter['payload'] => {
  // It was masked before it was stored. A rule that is newer than the row may find more.
  const { data, isRedacted } = maskBody(payload);
  const isShortened = data.byteLength > PAYLOAD_BYTES_SHOWN_MAX;
  const whole = decodeUtf8(data);
  // Once more after the cut: it could make a card number of a longer one.
  const shown = maskBody(data.subarray(0, PAYLOAD_BYTES_SHOWN_MAX));
  const text = isShortened ? Buffer.from(shown.data).toString() : whole;
  return {
    text: isShortened ? (text ?? '') : layOutJson(text ?? Buffer.from(data).toString()),
    bytes: row.payloadBytes,
    sha256: row.payloadSha256 ?? null,
    isMasked: row.isRedacted || isRedacted || shown.isRedacted,
    isShortened,
    isErased,
    uneditable: whyUneditable(row, {
      isErased,
      isShortened,
      isText: whole !== undefined,
      isEmpty: data.byteLength === 0,
    }),
  };
};

const whyUneditable = (
  row: DeadLetterRow,
  payload: {
    readonly isErased: boolean;
    readonly isShortened: boolean;
    readonly isText: boolean;
    readonly isEmpty: boolean;
  },
): string | null => {
  if (inputTopicOf(row.originTopic) === undefined) return 'its topic is unknown';
  if (payload.isErased) return 'its payload was erased';
  if (row.payloadSha256 !== undefined) return 'its payload was cut, so there is nothing whole to edit';
  if (payload.isShortened) return 'its payload has more than 64 KiB: edit it in a terminal';
  if (!payload.isText) return 'its payload is not UTF-8 text: give the whole body in a terminal, with --file';
  return payload.isEmpty && row.reason !== 'invalid'
    ? 'its payload is in no table: nobody sent it here'
    : null;
};

const orderOf = (record: OrderRecord): NonNullable<Letter['order']> => {
  const ofKind = (kind: string): number => record.ledger.filter((entry) => entry.kind === kind).length;
  const waiting = inspectOrder(record).reports.filter(isFoundByLedger);
  return {
    orderId: record.orderId.toString(),
    versions: ofKind('order'),
    payments: ofKind('payment'),
    columns:
      record.fact === undefined
        ? null
        : Object.entries(factColumns(record.fact)).flatMap(([name, value]) =>
            value === undefined || value === null ? [] : [{ name, value: String(value) }],
          ),
    findings: [...openFindings(record), ...waiting].map(({ error }) => error),
  };
};
