/** What is behind a Service, as ends of a universe: policies apply to the pods that it leads to, on their ports. */
import type { WrittenEnd } from '../../model/flow';
import type { Service } from '../../model/inventory';
import { parseAddress } from '../../net/address';
import { accepted, Parsed } from '../../net/parsed';
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

/** Where a Service leads to: from one of its ports or, without one, from all. Refused if there is no such Service or port, or nothing behind it. */
export function behindService(
  name: string,
  port: TargetPort | undefined,
  universe: Universe,
  { resolver: { cluster, agent } }: FastEngine,
): Parsed<readonly Target[]> {
  const service = askedService(name, cluster);
  if (!service.ok) {
    return service;
  }
  const { isHeadless, ports } = service.value;
  const targetsOf = (backends: readonly ServiceBackend[], protocol?: string) =>
    backends.flatMap(({ backend, port: number }): readonly Target[] => {
      const end = universe.find(writtenOf(backend));
      return end === undefined ? [] : [{ end, ...(protocol && { port: { protocol, number } }) }];
    });
  if (isHeadless) {
    return someOr(service.value, port, targetsOf(headlessBackends(service.value, port?.number ?? 0, cluster, agent), port?.protocol));
  }
  const only = port && askedPort(service.value, port.number, port.protocol);
  if (only?.ok === false) {
    return only;
  }
  const asked = only === undefined ? ports : [only.value];
  return someOr(
    service.value,
    port ?? ports[0],
    asked.flatMap((one) => targetsOf(backendsOf(service.value, one, cluster, agent), one.protocol)),
  );
}

function someOr(service: Service, port: TargetPort | undefined, targets: readonly Target[]): Parsed<readonly Target[]> {
  return targets.length === 0 ? refuseWithoutBackend(service, port) : accepted(targets);
}

/** A backend is a pod by its name, or an address. */
function writtenOf(backend: string): WrittenEnd {
  const address = parseAddress(backend);
  return address === undefined ? { is: 'pod', name: backend } : { is: 'ip', address };
}
