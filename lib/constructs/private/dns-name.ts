import { parseDnsPattern } from '../../net/dns-pattern';
import { must } from './errors';

/** Renders a name (`matchName`) or, if it has a `*`, a pattern (`matchPattern`). Source: the CRD's patterns of both fields. */
export function renderDnsName(text: string): { matchName: string } | { matchPattern: string } {
  return must('DNS name', text, parseDnsPattern).is === 'name' ? { matchName: text } : { matchPattern: text };
}
