/** What is behind a Service, as ends of a universe: policies apply to the pods that it leads to, on their ports. */
import type { WrittenEnd } from '../../model/flow';
import { parseAddress } from '../../net/address';
import { accepted, Parsed, refused } from '../../net/parsed';
import { askedPort, askedService, refuseWithoutBackend } from '../../resolve/asked-service';
import { backendsOf, headlessBackends, ServiceBackend } from '../../resolve/service-backends';
import type { FastEngine } from '../engine';
import type { Universe } from './universe';

/** An end, and the port of it that is meant; all of them without one. */
export interface Target {
  readonly end: number;
  readonly port?: TargetPort;
}

export interface TargetPort {
  readonly protocol: string;
  /** 1–65535 */
  readonly number: number;
}

export interface Behind {
  readonly targets: readonly Target[];
  /** What is behind it too and is no end: pods in the network of a node that is not given. */
  readonly leftOut: readonly string[];
}

/** Where a Service leads to: from one of its ports or, without one, from all. Refused if there is no such Service or port, or nothing behind it. */
export function behindService(
  name: string,
  port: TargetPort | undefined,
  universe: Universe,
  { resolver: { cluster, agent } }: FastEngine,
): Parsed<Behind> {
  const service = askedService(name, cluster);
  if (!service.ok) {
    return service;
  }
  const { isHeadless, ports } = service.value;
  const only = port && !isHeadless ? askedPort(service.value, port.number, port.protocol) : undefined;
  if (only?.ok === false) {
    return only;
  }
  const asked = only === undefined ? ports : [only.value];
  const backends: readonly BehindPort[] = isHeadless
    ? headlessBackends(service.value, port?.number ?? 0, cluster, agent).map((one) => ({ ...one, protocol: port?.protocol }))
    : asked.flatMap((one) => backendsOf(service.value, one, cluster, agent).map((backend) => ({ ...backend, protocol: one.protocol })));
  const targets = new Map<string, Target>();
  const leftOut = new Set<string>();
  for (const { backend, port: number, protocol } of backends) {
    const end = universe.find(writtenOf(backend));
    if (end === undefined) {
      leftOut.add(backend);
    } else {
      targets.set(`${end} ${protocol} ${number}`, { end, ...(protocol !== undefined && { port: { protocol, number } }) });
    }
  }
  if (targets.size > 0) {
    return accepted({ targets: [...targets.values()], leftOut: [...leftOut] });
  }
  return leftOut.size === 0
    ? refuseWithoutBackend(service.value, port)
    : refused(`what is behind service \`${name}\` is in the network of nodes that are not given`, 'give the nodes with the inventory');
}

interface BehindPort extends ServiceBackend {
  readonly protocol: string | undefined;
}

/** A backend is a pod by its name, or an address. */
function writtenOf(backend: string): WrittenEnd {
  const address = parseAddress(backend);
  return address === undefined ? { is: 'pod', name: backend } : { is: 'ip', address };
}
