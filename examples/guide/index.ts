import { DefaultDeny } from './01-default-deny';
import { DefaultInfrastructure } from './02-default-infrastructure';
import { DefaultHostFirewall } from './03-default-host-firewall';
import { AllowSameNamespace } from './04-allow-same-namespace';
import { Tenant001 } from './05-tenant-001';
import { DefaultAllowApiserver } from './06-default-allow-apiserver';
import { FromAToApiserver } from './07-from-a-to-apiserver';
import { FromBToA } from './08-from-b-to-a';
import { FromBToAApi } from './09-from-b-to-a-api';
import { FromOutsideToADirect } from './10-from-outside-to-a-direct';
import { FromOutsideToANodePort } from './11-from-outside-to-a-nodeport';
import { EgressAToB } from './12-egress-a-to-b';
import { AllowAllFromA } from './13-allow-all-from-a';
import { AllowAToCidr } from './14-allow-a-to-cidr';
import { AllowAPorts } from './15-allow-a-ports';
import { FromAToDomains } from './16-from-a-to-domains';
import { DenyAToB } from './17-deny-a-to-b';

/** The guide's examples, by the name of the manifest. */
export const GUIDE = {
  '01-default-deny': DefaultDeny,
  '02-default-infrastructure': DefaultInfrastructure,
  '03-default-host-firewall': DefaultHostFirewall,
  '04-allow-same-namespace': AllowSameNamespace,
  '05-tenant-001': Tenant001,
  '06-default-allow-apiserver': DefaultAllowApiserver,
  '07-from-a-to-apiserver': FromAToApiserver,
  '08-from-b-to-a': FromBToA,
  '09-from-b-to-a-api': FromBToAApi,
  '10-from-outside-to-a-direct': FromOutsideToADirect,
  '12-egress-a-to-b': EgressAToB,
  '13-allow-all-from-a': AllowAllFromA,
  '14-allow-a-to-cidr': AllowAToCidr,
  '15-allow-a-ports': AllowAPorts,
  '16-from-a-to-domains': FromAToDomains,
  '17-deny-a-to-b': DenyAToB,
};

/** Examples that cannot be applied together with another one: 11 has the same name as 10. */
export const GUIDE_ALTERNATIVES = {
  '11-from-outside-to-a-nodeport': FromOutsideToANodePort,
};
