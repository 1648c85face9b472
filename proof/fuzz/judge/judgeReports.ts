import { judgeJson, TOO_DEEP } from './judgeJson.ts';
import { judgeTime } from './judgeTime.ts';

const ABOUT_THE_EVENT = ['invalid', 'unmatched'];
const FINDINGS = ['conflict', 'changed', 'rivals', 'too_many'];

/**
 * The reasons with which Tally dead-lettered a message on a dead-letter topic; none when it must be handled
 * as any other message. Undefined when calendars differ about the time of a finding, so both are right.
 */
export const judgeReports = (attributes: ReadonlyMap<string, string>): readonly string[] | undefined => {
  if (attributes.has('CloudPubSubDeadLetterSourceSubscription')) return [];
  const named = new Set((attributes.get('tally_reason') ?? '').split(','));
  const findings = FINDINGS.filter((reason) => named.has(reason)).map(
    (reason) => [reason, isFinding(attributes.get(`tally_finding_${reason}`) ?? '')] as const,
  );
  if (findings.some(([, isOne]) => isOne === undefined)) return undefined;
  return [
    ...ABOUT_THE_EVENT.filter((reason) => named.has(reason)),
    ...findings.filter(([, isOne]) => isOne).map(([reason]) => reason),
  ];
};

const isFinding = (text: string): boolean | undefined => {
  const judged = judgeJson(text);
  if (judged === undefined || judged === TOO_DEEP || !(judged.value instanceof Map)) return false;
  const [id, since, error] = ['id', 'since', 'error'].map(
    (name) => judged.value instanceof Map && judged.value.get(name),
  );
  if (typeof id !== 'string' || typeof since !== 'string' || typeof error !== 'string') return false;
  if (!/^[0-9a-f]{32}$/.test(id)) return false;
  const time = judgeTime(since);
  return time === undefined ? undefined : time !== false;
};
