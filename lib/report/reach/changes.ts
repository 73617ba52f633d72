/** Changes of meaning, as data that all formats of `diff` share. */
import type { Flow, OwnedRule, Side, Verdict } from '../../model/flow';
import { Protocol, PROTOCOLS } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { ChangedPassage, ChangeKind, effectsOf } from '../../reach/compare';
import type { Passage } from '../../reach/traffic';
import type { Comparison, Doubt, Refusal, WitnessedChange } from '../../snapshot/changes';
import { decisionOf } from '../../verdict/decision';
import { someOf } from '../findings/words';
import { decidingOf } from '../verdicts/explained';
import { where } from '../verdicts/rule-view';
import { endText } from '../verdicts/text';
import { EndView, endView, ownersIn, withNamespaceLabels } from './ends';
import { conditionText, trafficText } from './traffic';
import { partialTexts } from './view';

export interface ChangesView {
  readonly changes: readonly ChangeView[];
  readonly doubts: readonly string[];
  readonly refusals: readonly string[];
}

export interface ChangeView {
  readonly is: ChangeKind;
  /** What it does, or may do where that is not known. */
  readonly may: readonly ('open' | 'close')[];
  readonly from: readonly EndView[];
  readonly to: readonly EndView[];
  /** The changed ports: `5432/TCP`. */
  readonly traffic: string;
  readonly passages: readonly ChangedPassage[];
  /** What proxies ask before and after, for a change of requests. */
  readonly asks?: { readonly before: string; readonly after: string };
  readonly witness?: WitnessView;
}

/** A flow with its verdicts. */
export interface WitnessView {
  /** As `verdict` takes it: `--from shop/web --to shop/db --port 5432`. */
  readonly flow: string;
  readonly before: StateView;
  readonly after: StateView;
}

export interface StateView {
  readonly decision: string;
  /** Why, with the places of the rules. */
  readonly because: string;
}

export function changesView({ universe, changes, doubts, refusals }: Comparison, inventory: Parameters<typeof ownersIn>[0]): ChangesView {
  const owners = ownersIn(inventory);
  const ends = universe.ends.map((end) => endView(end, owners));
  const views = changes.map((change) => changeView(change, ends));
  const order = (is: ChangeKind) => ORDER.indexOf(is);
  return {
    changes: views.sort((a, b) => order(a.is) - order(b.is)),
    doubts: [
      ...doubts.filter(({ is }) => is !== 'partial').map(doubtText),
      ...partialTexts(doubts.filter((doubt) => doubt.is === 'partial')),
    ],
    refusals: refusals.map(refusalLine),
  };
}

const MAY = { opened: 'open', closed: 'close' } as const;

const ORDER: readonly ChangeKind[] = ['opened', 'rewritten', 'undecided', 'closed'];

function changeView({ is, from, to, traffic, witness }: WitnessedChange, ends: readonly EndView[]): ChangeView {
  const isOfRequests = traffic.every(({ before, after }) => before !== undefined && after !== undefined);
  return {
    is,
    may: effectsOf({ is, traffic }).map((effect) => MAY[effect]),
    from: from.map((one) => ends[one]),
    to: to.map((one) => ends[one]),
    traffic: trafficText(
      { passages: traffic.map(({ protocol, first, last }): Passage => ({ protocol, first, last, is: 'allowed', proxies: [] })) },
      ALL,
    ),
    passages: traffic,
    ...(isOfRequests && asksIn(traffic)),
    ...(witness && {
      witness: {
        flow: flowText(witness.flow),
        before: stateView(witness.before),
        after: stateView(witness.after),
      },
    }),
  };
}

/** A change is of everything if it is of every protocol that policies can name. */
const ALL: readonly Protocol[] = PROTOCOLS.filter((one) => ['TCP', 'UDP', 'ICMP'].includes(one));

/** What is asked on both sides, if that can be told apart in words. */
function asksIn(traffic: readonly ChangedPassage[]): Pick<ChangeView, 'asks'> {
  const [before, after] = [asked(traffic.map((one) => one.before)), asked(traffic.map((one) => one.after))];
  return before === after ? {} : { asks: { before, after } };
}

function asked(passages: readonly (Passage | undefined)[]): string {
  const proxies = passages.flatMap((one) => one?.proxies ?? []);
  const texts = proxies.flatMap(({ http, dns, serverNames, hasMore, is }) => [
    ...http.map(conditionText),
    ...dns.map((name) => `DNS ${name}`),
    ...serverNames.map((name) => `server name ${name}`),
    ...(hasMore ? [is === 'crd' ? 'what its listener does' : `what the ${is} proxy asks beside`] : []),
  ]);
  const isAuthenticated = passages.some((one) => one?.isAuthenticated === true);
  const requests = texts.length === 0 ? 'every request' : someOf([...new Set(texts)], MOST_ASKED);
  return isAuthenticated ? `${requests}, after an authentication` : requests;
}

const MOST_ASKED = 4;

/** The flags of `verdict` for a flow. */
function flowText({ from, to, protocol, port, http, dns, sni }: Flow): string {
  const isIcmp = protocol === 'ICMP' || protocol === 'ICMPv6';
  const hasPort = ['TCP', 'UDP', 'SCTP'].includes(protocol);
  const traffic = isIcmp
    ? `--icmp ${port}/${protocol}`
    : hasPort
      ? `--port ${port}${protocol === 'TCP' ? '' : `/${protocol}`}`
      : `--protocol ${protocol}`;
  const request = [
    ...(http === undefined ? [] : [`--http ${quoted(`${http.method} ${http.path}`)} --host ${quoted(http.host)}`]),
    ...Object.entries(http?.headers ?? {}).map(([name, value]) => `--header ${quoted(`${name}: ${value}`)}`),
    ...(dns === undefined ? [] : [`--dns ${quoted(dns)}`]),
    ...(sni === undefined ? [] : [`--sni ${quoted(sni)}`]),
  ];
  return [
    `--from ${quoted(endText(withNamespaceLabels(from)))} --to ${quoted(endText(withNamespaceLabels(to)))} ${traffic}`,
    ...request,
  ].join(' ');
}

/** For a shell, if it is more than a plain word: the text may be a stranger's. */
function quoted(text: string): string {
  return /^[\w.,:/@=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function stateView(verdict: Verdict): StateView {
  const { egress, ingress } = verdict;
  const decision = decisionOf(verdict);
  const denying = [egress, ingress].filter((side) => side.decision === 'denied');
  // A request may be denied by the proxy of a side that allows the connection.
  const sides = decision === 'denied' && denying.length > 0 ? denying : [egress, ingress];
  const rules = sides.flatMap((side) => decidingOf(side));
  return { decision, because: rules.length === 0 ? reasonText(sides) : placesOf(rules) };
}

function placesOf(rules: readonly OwnedRule[]): string {
  const byPolicy = groupedBy(rules, ({ policy }) => policy.resource);
  return someOf(
    [...byPolicy.values()].map(([first]) => where(first)),
    MOST_PLACES,
  );
}

const MOST_PLACES = 4;

function reasonText(sides: readonly Side[]): string {
  const unknown = sides.find((side) => side.decision === 'unknown');
  return unknown?.decision === 'unknown' ? unknown.missing : 'no rule is about it';
}

function doubtText(doubt: Doubt): string {
  switch (doubt.is) {
    case 'unread':
      return `${doubt.side} the change, ${doubt.text}`;
    case 'port-names':
      return `pods that are not listed may have ports with the ${doubt.names.length === 1 ? 'name' : 'names'} ${someOf(doubt.names, MOST_PLACES)}, which rules here name`;
    case 'vague':
      return `values that are not known differ in ${someOf(
        doubt.policies.map(({ kind, namespace, name }) => `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`),
        MOST_PLACES,
      )}`;
    case 'partial':
      return partialTexts([doubt])[0];
  }
}

function refusalLine({ resource: { kind, namespace, name }, is }: Refusal): string {
  const policy = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
  return is === 'rejected'
    ? `${policy} is rejected after the change: running agents keep the old version, and after a restart it is gone, as judged here`
    : `${policy} was rejected before the change, and is accepted now`;
}

/** For example `2 opened, 1 closed`. */
export function summaryOf({ changes }: ChangesView): string {
  const counts = ORDER.map((is) => [is, changes.filter((one) => one.is === is).length] as const).filter(([, count]) => count > 0);
  return counts.length === 0 ? 'no change of meaning' : counts.map(([is, count]) => `${count} ${is}`).join(', ');
}
