/** What the properties of intents have in common. */
import { IConstruct } from 'constructs';
import { fail, mustBeSwitch, mustHaveItems, shown } from '../../private/errors';
import { Selector } from '../../selector';
import { EgressTraffic } from '../../traffic';

/** Selects all namespaces except the given ones, and unless `exceptReserved`, endpoints without a namespace (health, ingress, init). */
export function everywhereBut(namespaces: string[], exceptReserved: boolean): Selector {
  mustBeSwitch('exceptReserved', exceptReserved);
  if (!Array.isArray(namespaces)) {
    fail(`exceptNamespaces is ${shown(namespaces)}, not a list`);
  }
  const all = exceptReserved ? Selector.all().inAnyNamespace() : Selector.all();
  return namespaces.length === 0 ? all : all.outsideNamespaces(...namespaces);
}

/** Throws if the list of ports is given but empty: the intent would open every port. */
export function mustSayPorts(ports: readonly EgressTraffic[] | undefined, at: IConstruct): void {
  if (ports !== undefined) {
    mustHaveItems('list of ports', ports, 'leave ports out to open every port', at);
  }
}

/** Throws if the intent only observes: its deny rules would take effect all the same. */
export function mustNotObserve(observes: boolean, verb: string, construct: IConstruct): void {
  if (observes) {
    fail(
      `${verb} on an intent with observe would deny at once`,
      'write the deny rule in a separate policy, or leave observe out',
      construct,
    );
  }
}

/** The `defaultDeny…` of an intent: off if it observes, otherwise what its rules imply. */
export function defaultDeny(observe: boolean | undefined): false | undefined {
  return observe === true ? false : undefined;
}
