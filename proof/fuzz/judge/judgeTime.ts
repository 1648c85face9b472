const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/i;

/**
 * Reads a time in RFC 3339, in milliseconds since the epoch; `false` for any other text. Undefined for times
 * on which calendars and engines differ: the 31st of June, hour 24, a time zone of 20 hours, the year 1970.
 */
export const judgeTime = (text: string): number | false | undefined => {
  const parts = TIME.exec(text);
  if (parts === null) return false;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map(Number);
  const [fraction = '', sign, zoneHour = 0, zoneMinute = 0] = parts.slice(7);
  if (month < 1 || month > 12 || day < 1 || day > 31 || minute > 59 || hour > 24 || second > 60) return false;
  if (year < 1969) return false;
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const isOdd =
    day > lastDay || hour === 24 || second === 60 || Number(zoneHour) > 14 || Number(zoneMinute) > 59;
  if (isOdd || year < 1971) return undefined;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const zoneMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute));
  return Date.UTC(year, month - 1, day, hour, minute - zoneMinutes, second, milliseconds);
};
