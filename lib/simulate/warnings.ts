/** What somebody should know before he believes a verdict. */
import { diagnosticOf } from '../checks/run';
import type { Origin, Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import { placeOf } from '../read/place';
import type { ReadProblem } from '../read/problem';
import type { Agent } from '../verdict/agent';
import type { RefusedPolicy } from './simulation';

/** What could not be read, and so may be a policy that counts in a cluster. */
export function unreadIn(problems: readonly ReadProblem[]): readonly string[] {
  return problems.filter(({ is }) => UNREAD.includes(is)).map(problemText);
}

const UNREAD: readonly ReadProblem['is'][] = ['syntax', 'template', 'unknown-kind', 'wrong-api-version', 'limit', 'unreadable'];

/** What was read, and does not count or not as it seems. */
export function oddIn(
  { problems, others }: { readonly problems: readonly ReadProblem[]; readonly others: readonly Resource[] },
  policies: readonly Policy[],
  agent: Agent,
): readonly string[] {
  const twice = problems.filter(({ is }) => is === 'duplicate-policy').map((problem) => `counted twice: ${problemText(problem)}`);
  const unjudged = others.filter(({ kind }) => UNJUDGED.includes(kind)).map(({ kind, name }) => `not judged: ${kind} ${name}`);
  const ofNodes = agent.hasHostFirewall ? [] : policies.filter(({ rules }) => rules.some(({ subject }) => subject.is === 'nodes'));
  const idle = ofNodes.map(({ resource }) => `without effect, since \`enable-host-firewall\` is off: ${nameOf(resource)}`);
  return [...twice, ...unjudged, ...new Set(idle)];
}

/** Policies that Cilium may have to obey, and that nobody judges here. */
const UNJUDGED = ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'];

/** `web.yaml:9: CiliumNetworkPolicy shop/web: CIL202: the policy has no rule, so the agent refuses it`; without a place where there is no text. */
export function refusalText({ resource, findings: [first] }: RefusedPolicy): string {
  const { document } = resource;
  return `${placeText({ document, resource, path: first.path, onKey: first.onKey })}${nameOf(resource)}: ${first.check.code}: ${first.told.message}`;
}

function problemText(problem: ReadProblem): string {
  const { code, message, origin } = diagnosticOf(problem);
  return `${placeText(origin)}${code}: ${message}`;
}

function placeText(origin: Origin): string {
  const place = placeOf(origin);
  return place === undefined ? '' : `${origin.document.source.name}:${place.line}: `;
}

function nameOf({ kind, namespace, name }: Resource): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}
