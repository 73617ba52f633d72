/**
 * What a policy means at least and at most while some of its values are not known.
 *
 * A rule can match any part between the two. So the policies of a cluster are judged twice: `closed`, where unknown values allow the least and deny
 * the most, and `open`, the other way round. What both say is so whatever the values are.
 */
import type { Minor } from '../crd/minor';
import { everyIdentity } from '../model/conditions';
import type { CidrGroup } from '../model/inventory';
import { label, Labels } from '../model/label';
import { fieldAt, isBelow, Path, pathTo, PathLink } from '../model/path';
import type { HttpCondition, LabelSelector, Layer7, Policy, Requirement, Rule, Selector, Traffic } from '../model/policy';
import { PROTOCOLS } from '../model/policy';
import { scopeOf } from '../model/scope';
import { STAND_IN } from '../model/stand-in';
import { CIDR_GROUP_NAME_KEY } from '../net/label-keys';
import { placeholderIn } from '../read/placeholders';
import type { Agent } from './agent';
import { meets } from './matching';
import { entitySelectors } from './rules/entities';

export type Bound = 'closed' | 'open';

export interface Context {
  readonly agent: Agent;
  /** The CIDR groups of which not all CIDRs are known. */
  readonly vague: readonly CidrGroup[];
}

/** The policy with the bound of its unknown values. `unknown` has their paths; unknown values of labels are `STAND_IN`. */
export function bounded(policy: Policy, unknown: readonly Path[], bound: Bound, context: Context): Policy {
  return { ...policy, rules: policy.rules.map((rule) => new Bounds(rule, unknown, context).of(bound)) };
}

class Bounds {
  public constructor(
    private readonly rule: Rule,
    private readonly unknown: readonly Path[],
    private readonly context: Context,
  ) {}

  private get minor(): Minor {
    return this.context.agent.minor;
  }

  public of(bound: Bound): Rule {
    const isAllow = this.rule.effect === 'allow';
    const isMost = isAllow === (bound === 'open');
    const { most: subject, isKnown } = this.subject();
    const rule = isMost ? this.most() : isKnown ? this.least() : this.nothing();
    const isIsolating = this.rule.defaultDeny || this.hasUnknownSwitch();
    const isSurelyIsolating = this.rule.defaultDeny && isKnown && !this.mayNotIsolate();
    return { ...rule, subject, defaultDeny: bound === 'closed' ? isIsolating : isSurelyIsolating, isUncertain: !isKnown };
  }

  /** The subject without what is not known of it. */
  private subject(): { readonly most: Rule['subject']; readonly isKnown: boolean } {
    const { subject } = this.rule;
    const { selector } = subject;
    const isKnown = !this.hasBelow(selector.at) && !selector.requirements.some(isUnknown);
    return { most: isKnown ? subject : { ...subject, selector: relaxed(selector) }, isKnown };
  }

  private most(): Rule {
    const { rule } = this;
    if (this.isWhole()) {
      return { ...rule, peers: everyPeer(this.minor), traffic: undefined, requires: [] };
    }
    const traffic = rule.traffic?.flatMap((one) => this.mostTraffic(one));
    const requires = rule.requires.filter((requirement) => !isUnknown(requirement));
    const peers = this.mostPeers();
    // Without a list of ports, a rule without peers, or of a Service that does not exist, matches nobody; with one, everybody.
    return this.isTouched([...this.rule.path, 'toPorts']) || this.isTouched([...this.rule.path, 'icmps'])
      ? { ...rule, requires, traffic: undefined, peers: peers.is === 'any' || peers.is === 'services' ? everyPeer(this.minor) : peers }
      : { ...rule, requires, traffic, peers };
  }

  private mostPeers(): Rule['peers'] {
    const { peers } = this.rule;
    const every = everyPeer(this.minor);
    switch (peers.is) {
      case 'any':
      case 'none':
        return peers;
      case 'services':
      case 'groups':
        return this.hasUnknownReference() ? every : peers;
      case 'selectors':
        return { is: 'selectors', selectors: peers.selectors.flatMap((selector) => this.mostSelector(selector)) };
    }
  }

  private mostSelector(selector: Selector): Selector | readonly Selector[] {
    if (selector.is === 'labels') {
      const isAny = this.hasBelow(selector.at) || selector.requirements.some(hasUnknownKey);
      return isAny ? everyIdentity(this.minor, selector.at) : selector.requirements.some(isUnknown) ? relaxed(selector) : selector;
    }
    const below = this.below(pathTo(selector.at));
    const isKnown = below.length === 0 || (selector.is === 'block' && below.every((path) => path.includes('except')));
    return isKnown && !this.isUnknownGroup(selector) && !this.isVague(selector)
      ? selector
      : below.every(isOfAddresses)
        ? [selector, ...this.outside(selector.at!)]
        : everyIdentity(this.minor, selector.at);
  }

  /** Who can have an address of a CIDR or of a name: what is outside of the cluster, and what the agent's settings add. */
  private outside(at: PathLink): readonly Selector[] {
    const { minor, config, blocksMatchNodes, blocksMatchPods } = this.context.agent;
    const text = blocksMatchNodes || blocksMatchPods ? 'all' : 'world';
    return entitySelectors({ text, at }, scopeOf('', minor, config));
  }

  /** Whether a selector may select a group of which not all CIDRs are known. */
  private isVague(selector: Selector): boolean {
    return (
      selector.is === 'group' &&
      this.context.vague.some(({ name, labels }) =>
        selector.requirements.every(
          (requirement) =>
            requirement.key === `${CIDR_GROUP_NAME_KEY}/${name}` || meets({ ...requirement, source: 'any' }, labelsOf(labels)),
        ),
      )
    );
  }

  private mostTraffic(traffic: Traffic): Traffic[] {
    const at = pathTo(traffic.at);
    const l7 = traffic.l7 && this.mostLayer7(traffic.l7);
    const below = this.below(at);
    if (below.length === 0) {
      return [{ ...traffic, l7 }];
    }
    const isAnyProtocol = below.some((path) => path.length <= at.length || ['protocol', 'family'].includes(String(path.at(-1))));
    const protocols = isAnyProtocol ? PROTOCOLS : [traffic.protocol];
    return protocols.map((protocol) => ({ ...traffic, l7, protocol, port: { is: 'number', number: 0, end: 0 } }));
  }

  private mostLayer7(l7: Layer7): Layer7 {
    return {
      ...l7,
      // `**` stands where no text of this kind can be judged: the ruling is unknown.
      serverNames: l7.serverNames.map((name) => (this.hasBelow(name.at) ? { ...name, text: '**' } : name)),
    };
  }

  private least(): Rule {
    const { rule } = this;
    if (
      this.isWhole() ||
      this.hasUnknownReference() ||
      this.hasUnknownIn(['fromRequires', 'toRequires']) ||
      rule.requires.some(isUnknown)
    ) {
      return this.nothing();
    }
    const { peers } = rule;
    const traffic = rule.traffic?.filter(({ at }) => !this.hasBelow(at) && !this.hasUnknownRules(at)).map((one) => this.leastTraffic(one));
    return {
      ...rule,
      ...(peers.is === 'selectors' && {
        peers: { ...peers, selectors: peers.selectors.filter((selector) => this.isSure(selector)) },
      }),
      traffic,
    };
  }

  private isSure(selector: Selector): boolean {
    const isRequired = selector.is === 'labels' && selector.requirements.some(isUnknown);
    return !isRequired && !this.hasBelow(selector.at) && !this.isUnknownGroup(selector);
  }

  private leastTraffic(traffic: Traffic): Traffic {
    const { l7 } = traffic;
    return l7 === undefined
      ? traffic
      : {
          ...traffic,
          l7: {
            ...l7,
            http: l7.http?.map((one) => (this.hasBelow(one.at) ? NO_REQUEST : one)),
            dns: l7.dns?.map((one) => (this.hasBelow(one.at) ? { ...one, text: NO_NAME } : one)),
          },
        };
  }

  /** The rule without anything that it matches; what it isolates stays. */
  private nothing(): Rule {
    return { ...this.rule, peers: { is: 'none', beside: [] }, requires: [] };
  }

  /** Whether nothing is known of the rule. */
  private isWhole(): boolean {
    return this.unknown.some((path) => isBelow(this.rule.path, path));
  }

  private mayNotIsolate(): boolean {
    const isListUnknown = this.unknown.some((path) => path.length < this.rule.path.length && isBelow(this.rule.path, path));
    return isListUnknown || this.hasUnknownSwitch();
  }

  private hasUnknownSwitch(): boolean {
    const { direction } = this.rule;
    return this.unknown.some(
      (path) =>
        path.at(-1) === 'policyTypes' ||
        path.at(-2) === 'policyTypes' ||
        path.at(-1) === 'enableDefaultDeny' ||
        (path.at(-2) === 'enableDefaultDeny' && path.at(-1) === direction),
    );
  }

  /** Whether it is not known which Services or cloud groups the rule names. */
  private hasUnknownReference(): boolean {
    const { peers } = this.rule;
    const refs = peers.is === 'services' ? peers.refs : [];
    return this.hasUnknownIn(['toServices', 'toGroups']) || refs.some((ref) => ref.is === 'selector' && ref.requirements.some(isUnknown));
  }

  private hasUnknownIn(fields: readonly string[]): boolean {
    return fields.some((field) => this.below([...this.rule.path, field]).length > 0);
  }

  /** Whether the rules of a port are not known as a whole. */
  private hasUnknownRules(at: PathLink | undefined): boolean {
    const path = pathTo(at);
    return this.isTouched([...path.slice(0, -2), 'rules']);
  }

  private isUnknownGroup(selector: Selector): boolean {
    return selector.is === 'group' && selector.requirements.some(isUnknown);
  }

  private hasBelow(at: PathLink | undefined): boolean {
    return at !== undefined && this.below(pathTo(at)).length > 0;
  }

  /** The unknown paths at a place, below it or above it. */
  private below(at: Path): readonly Path[] {
    return this.unknown.filter((path) => isBelow(path, at) || isBelow(at, path));
  }

  /** Whether a place as a whole is not known. */
  private isTouched(at: Path): boolean {
    return this.unknown.some((path) => isBelow(at, path));
  }
}

/** No request has a blank in its method, and no query one in its name. */
const NO_REQUEST: HttpCondition = { path: '', method: 'NO REQUEST', host: '', headers: [], headerMatches: [] };
const NO_NAME = 'no name';

/** Whether a place can only hold CIDRs, groups of them or names, so that no value of it selects a pod. An empty selector of groups selects all. */
function isOfAddresses(path: Path): boolean {
  const list = fieldAt(path);
  return (
    ['cidr', 'cidrGroupRef', 'except', 'matchName', 'matchPattern', 'fromCIDR', 'toCIDR'].includes(list) ||
    (list === 'toFQDNs' && path.at(-1) !== list)
  );
}

function everyPeer(minor: Minor): Rule['peers'] {
  return { is: 'selectors', selectors: [everyIdentity(minor)] };
}

function labelsOf(labels: CidrGroup['labels']): Labels {
  return Object.entries(labels).map(([key, value]) => label('cidrgroup', key, value));
}

function hasUnknownKey({ key }: Requirement): boolean {
  return isUnknownText(key);
}

function isUnknown({ key, values }: Requirement): boolean {
  return [key, ...values].some(isUnknownText);
}

/** A namespace that is not known is not replaced by a stand-in, since it is told to users. */
function isUnknownText(text: string): boolean {
  return text.includes(STAND_IN) || placeholderIn(text) !== undefined;
}

/** The selector with what is surely required: a label of a known key, or that it has none of the known values. */
function relaxed(selector: LabelSelector): LabelSelector {
  const requirements = selector.requirements.flatMap((requirement): Requirement[] => {
    if (!isUnknown(requirement)) {
      return [requirement];
    }
    if (hasUnknownKey(requirement)) {
      return [];
    }
    if (requirement.operator === 'In') {
      return [{ ...requirement, operator: 'Exists', values: [] }];
    }
    const values = requirement.values.filter((value) => !isUnknownText(value));
    return values.length === 0 ? [] : [{ ...requirement, values }];
  });
  return { ...selector, key: `relaxed:${JSON.stringify(requirements)}`, requirements };
}
