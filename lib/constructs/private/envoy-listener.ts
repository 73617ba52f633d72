import { EnvoyConfigKind, EnvoyListener } from '../envoy-listener';
import { fail, mustBeMember, mustBeText } from './errors';

/** Renders the listener as the CRD spells it. */
export function renderEnvoyListener(listener: EnvoyListener): object {
  mustBeText('listener name', listener?.name);
  mustBeText('envoyConfig of a listener', listener.envoyConfig);
  if (listener.name === '' || listener.envoyConfig === '') {
    fail('name or envoyConfig of a listener is empty', 'give the name of the listener and the name of the resource that defines it');
  }
  if (listener.kind !== undefined) {
    mustBeMember('kind of Envoy configuration', listener.kind, EnvoyConfigKind);
  }
  if (listener.priority !== undefined && !(Number.isInteger(listener.priority) && listener.priority >= 1 && listener.priority <= 100)) {
    fail(`listener priority ${listener.priority} is out of range`, 'write a whole number from 1 to 100');
  }
  return {
    name: listener.name,
    envoyConfig: { name: listener.envoyConfig, kind: listener.kind },
    priority: listener.priority,
  };
}
