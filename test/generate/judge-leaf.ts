/** Judges the one string that a case is about with the parsers of lib/net. */
import { parseDnsPattern } from '../../lib/net/dns-pattern';
import { IcmpFamily, parseIcmpType } from '../../lib/net/icmp';
import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseObjectName, parseSelectorKey } from '../../lib/net/label';
import { parseLogValue } from '../../lib/net/log-value';
import { parsePort } from '../../lib/net/port';
import { contains, containsAddress, parsePrefix } from '../../lib/net/prefix';
import { parseRegex } from '../../lib/net/regex';

/** A string in a policy that is otherwise valid, so the policy is accepted exactly if the parser accepts the string. */
export type Leaf =
  | { readonly parser: TextParser; readonly text: string }
  /** In 1.18 and 1.19, server names have their own grammar, for which there is no parser. */
  | { readonly parser: 'serverName'; readonly text: string }
  | { readonly parser: 'icmpType'; readonly text: string | number; readonly family: IcmpFamily }
  /** An `except` prefix of a valid CIDR. */
  | { readonly parser: 'except'; readonly text: string; readonly cidr: string };

export type TextParser =
  'port' | 'prefix' | 'dnsPattern' | 'selectorKey' | 'kubernetesKey' | 'labelValue' | 'logValue' | 'regex' | 'objectName' | 'namespaceName';

/** Whether the parser accepts the string of a leaf by the rules of a minor; `undefined` if it has no rules for the minor. */
export function judgeLeaf(leaf: Leaf, minor: string): boolean | undefined {
  switch (leaf.parser) {
    case 'port':
      return parsePort(leaf.text).ok;
    case 'prefix':
      return parsePrefix(leaf.text).ok;
    case 'dnsPattern':
      return parseDnsPattern(leaf.text).ok;
    case 'serverName':
      return isBefore20(minor) ? undefined : parseDnsPattern(leaf.text).ok;
    case 'selectorKey':
      return parseSelectorKey(leaf.text, isBefore20(minor) ? 'prefixed' : 'raw').ok;
    case 'kubernetesKey':
      return parseKubernetesKey(leaf.text).ok;
    case 'labelValue':
      return parseLabelValue(leaf.text).ok;
    case 'icmpType':
      return parseIcmpType(leaf.text, leaf.family).ok;
    case 'logValue':
      return parseLogValue(leaf.text).ok;
    case 'regex':
      return parseRegex(leaf.text).ok;
    case 'except':
      return judgeExcept(leaf.text, leaf.cidr, minor);
    case 'objectName':
      return parseObjectName(leaf.text).ok;
    case 'namespaceName':
      return parseNamespaceName(leaf.text).ok;
  }
}

/** Up to 1.19, the agent checks only whether the address of an `except` prefix, as written, is in the CIDR. */
function judgeExcept(text: string, cidr: string, minor: string): boolean {
  const [hole, block] = [parsePrefix(text), parsePrefix(cidr)];
  if (!hole.ok || !block.ok) {
    return false;
  }
  return isBefore20(minor) ? containsAddress(block.value, text) : contains(block.value, hole.value);
}

function isBefore20(minor: string): boolean {
  return minor === '1.18' || minor === '1.19';
}
