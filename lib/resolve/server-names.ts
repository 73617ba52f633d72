/** Server names of TLS as Envoy compares them. Source: cilium/proxy `cilium/network_policy.cc`, SniPattern; cilium `pkg/envoy/utils.go`. */
import { isSince, Minor } from '../crd/minor';

/** The regular expression for a server name in lower case; `undefined` if Envoy rejects the text, and with it the policy of the endpoint. */
export function serverNamePattern(written: string, minor: Minor): string | undefined {
  const text = isSince(minor, '1.20') ? sanitized(written) : written;
  const parts = text.toLowerCase().split('.');
  if (!parts.every(isLabel)) {
    return undefined;
  }
  if (text === '*') {
    return LABELS;
  }
  return parts.map((part) => (part === '**' ? LABELS : part.replaceAll('*', `${CHARACTER}*`))).join('[.]');
}

/** From 1.20 on the agent drops a final dot and shortens a run of wildcards: to `**` as the first label, otherwise to `*`. */
function sanitized(text: string): string {
  const [first, ...others] = text.replace(/\.$/, '').split('.');
  const short = (label: string) => label.replace(/\*{2,}/g, '*');
  const isSubdomains = /^\*{2,}$/.test(first) && others.length > 0;
  return [isSubdomains ? '**' : short(first), ...others.map(short)].join('.');
}

function isLabel(text: string): boolean {
  return text === '**' || (/^[-a-z0-9_*]+$/.test(text) && !text.includes('**'));
}

const CHARACTER = '[-a-z0-9_]';

/** One label or several. */
const LABELS = `${CHARACTER}+([.]${CHARACTER}+)*`;
