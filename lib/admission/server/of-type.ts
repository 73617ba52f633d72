/** Whether a value has the type that a schema gives it. */
import { isObject, Json } from '../../model/json';

export function isOfType(value: Json, type: string | undefined): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'integer or string':
      return Number.isInteger(value) || typeof value === 'string';
    case 'date-time':
      return typeof value === 'string' && isTime(value);
    case undefined:
      return true;
    default:
      return typeof value === type;
  }
}

/**
 * Whether Go reads a text as a time in the form of RFC 3339. The hour may have one digit, and a fraction may follow a comma.
 *
 * Source: Go `time.Parse` with `time.RFC3339`; apimachinery `pkg/apis/meta/v1/time.go`.
 */
function isTime(text: string): boolean {
  const [, year, month, day, hour, minute, second, zoneHour = '0', zoneMinute = '0'] = TIME.exec(text) ?? [];
  if (year === undefined) {
    return false;
  }
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = month === '02' && isLeap ? 29 : (DAYS[Number(month) - 1] ?? 0);
  const isDate = Number(day) >= 1 && Number(day) <= days;
  return isDate && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && Number(zoneHour) <= 24 && Number(zoneMinute) <= 60;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
