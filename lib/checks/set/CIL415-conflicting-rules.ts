import { cnp } from '../../admission/example';
import type { OwnedRule, WrittenEnd } from '../../model/flow';
import { isPrivate } from '../../model/origin';
import type { Policy, Rule, Traffic } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import type { FastEngine } from '../../reach/engine';
import type { Conflict } from '../../resolve/cells';
import { minimalPod } from '../../resolve/minimal-pod';
import type { SubjectRules } from '../../resolve/subjects';
import type { Judged, SetCheck } from '../check';
import { ruleName } from './rule-name';

const spec = (port: string): string => `
    endpointSelector:
      matchLabels:
        app: web
    egress:
      - toEntities:
          - world
        toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
            rules:
              http:
                - method: GET
      - toEntities:
          - world
        toPorts:
          - ports:
              - port: "${port}"
                protocol: TCP
            serverNames:
              - api.example.com
  `;

export const check: SetCheck = {
  code: 'CIL415',
  name: 'conflicting-rules',
  severity: 'error',
  stage: 'set',
  summary: 'rules that cannot be merged, so that the agent keeps the old policy of the pods',
  why: 'What all rules say of one peer and port becomes one entry. If they ask for different proxies, TLS contexts, listeners or authentication, the agent cannot build it: it rejects the policy of the endpoint as a whole, in both directions, and keeps what was enforced before, while the policies look fine in the API. It is a warning if the rules select such a pod, but other pods of the subject may escape one of them.',
  limits:
    'The pods that are given are asked, and pods that have just the labels of a subject; a pod with other labels may have further conflicts. Policies with values that are filled in later are left out.',
  source: 'cilium `pkg/policy/l4.go`, mergeL4Filter; `pkg/policy/l4_filter.go`',
  bad: cnp(spec('8080')),
  good: cnp(spec('8081')),
  inspect(given, report) {
    const found = given.judged();
    const reported = new Set<OwnedRule>();
    for (const { message, between, isSure } of found === undefined ? [] : conflictsIn(found)) {
      const [later, earlier] = [between[between.length - 1], between[0]];
      if (!reported.has(later)) {
        reported.add(later);
        const other = earlier === later ? '' : `, with ${ruleName(earlier, later, given)}`;
        report(
          later.policy.resource,
          {
            message: between.some(({ policy }) => isPrivate(policy.resource)) ? `the rule cannot be merged${other}` : `${message}${other}`,
            help: 'write both alike, or give them different peers or ports',
            ...(!isSure && { severity: 'warning' as const }),
          },
          undefined,
          ...later.rule.path,
        );
      }
    }
  },
};

interface FoundConflict extends Conflict {
  /** Whether a given pod has it, or every pod of a subject. */
  readonly isSure: boolean;
}

function* conflictsIn(judged: Judged): Generator<FoundConflict> {
  const { subjects, inventory, vague } = judged;
  const differing = differingRules(subjects.all.flatMap(({ rules }) => rules));
  const special = subjects.all.filter(({ subject, rules }) => subject.is === 'endpoints' && rules.some(({ rule }) => differing.has(rule)));
  if (special.length === 0) {
    return;
  }
  const engine = judged.engine();
  const asked = new Set<string>();
  for (const { end, sure } of [...namesOf(inventory.pods.keys()), ...special.flatMap(minimalEnds)]) {
    const conflict = conflictOf(end, engine, differing, asked);
    const policies = conflict?.between.map(({ policy }) => policy) ?? [];
    // What is filled in later may be written alike.
    if (conflict !== undefined && areTogether(policies, judged) && !policies.some((policy) => vague.includes(policy))) {
      const isSure = sure === undefined || conflict.between.every(({ rule }) => sure.some((own) => own.rule === rule));
      yield { ...conflict, isSure };
    }
  }
}

/** Whether policies are of one cluster and, if they are in a namespace that is not known, of the same one. */
function areTogether(policies: readonly Policy[], { partOf, folderOf }: Judged): boolean {
  const folders = policies.filter(({ namespace }) => namespace !== '').map(folderOf);
  return new Set(policies.map(partOf)).size === 1 && new Set(folders).size <= 1;
}

interface Asked {
  readonly end: WrittenEnd;
  /** The rules that apply to every pod that it stands for; `undefined` if it is one that is given. */
  readonly sure?: readonly OwnedRule[];
}

function minimalEnds(one: SubjectRules): readonly Asked[] {
  const end = minimalPod(one);
  return end === undefined ? [] : [{ end, sure: one.rules }];
}

function namesOf(pods: Iterable<string>): readonly Asked[] {
  return [...pods].map((name): Asked => ({ end: { is: 'pod', name } }));
}

/** Pods that the same rules select are asked once. */
function conflictOf(written: WrittenEnd, engine: FastEngine, differing: ReadonlySet<Rule>, asked: Set<string>): Conflict | undefined {
  const self = engine.endpoint(written);
  const entries = self === undefined ? [] : engine.entriesFor(self).filter(({ rule }) => differing.has(rule));
  const { resolver } = engine;
  const key = entries.map(({ policy, rule }) => `${policy.kind}/${policy.namespace}/${policy.name}/${rule.path.join('/')}`).join();
  if (self === undefined || entries.length < 2 || asked.has(key)) {
    return undefined;
  }
  asked.add(key);
  const local = resolver.endpoint(self.end, resolver.view(self.node ?? ''));
  const policy = local && resolver.policy(local, 'egress');
  return policy?.is === 'conflict' ? policy : undefined;
}

/** The rules that ask a proxy or authentication for something on a port for which another rule asks for something else. Others cannot conflict. */
function differingRules(all: readonly OwnedRule[]): ReadonlySet<Rule> {
  const wishes = all.flatMap(({ rule }) => (rule.traffic ?? [undefined]).flatMap((traffic) => wishOf(rule, traffic)));
  const several = [...groupedBy(wishes, ({ port }) => port).values()].filter((same) => same.some(({ text }) => text !== same[0].text));
  return new Set(several.flat().map(({ rule }) => rule));
}

/** What a rule asks for on a port. */
interface Wish {
  readonly rule: Rule;
  readonly port: string;
  readonly text: string;
}

function portKey({ protocol, port }: Traffic): string {
  return `${protocol} ${port.is === 'name' ? `name ${port.name}` : `${port.number} ${port.end}`}`;
}

/** What a rule asks for, as far as it may conflict. */
function wishOf(rule: Rule, traffic: Traffic | undefined): readonly Wish[] {
  const { direction, authentication } = rule;
  const { l7 } = traffic ?? {};
  if (l7 === undefined && authentication === undefined) {
    return [];
  }
  const { http, dns, kafka, custom, serverNames = [], terminatingTls, originatingTls, listener } = l7 ?? {};
  const kinds = [http, dns, kafka, custom].map((rules) => rules !== undefined);
  const text = JSON.stringify([authentication, kinds, custom?.parser, serverNames.length > 0, terminatingTls, originatingTls, listener]);
  return [{ rule, port: `${direction} ${traffic === undefined ? '' : portKey(traffic)}`, text }];
}
