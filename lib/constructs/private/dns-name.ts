import { parseDnsPattern } from '../../net/dns-pattern';
import { must } from './errors';

/** A name (`matchName`) or a pattern (`matchPattern`); a name may not hold `*`. Source: the CRD's patterns of both fields. */
export function renderDnsName(text: string): { matchName: string } | { matchPattern: string } {
  return must('DNS name', text, parseDnsPattern).is === 'name' ? { matchName: text } : { matchPattern: text };
}
