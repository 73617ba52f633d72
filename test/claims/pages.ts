/** All claims, in the order of the page. */
import type { Page } from './claim';
import { DENIES, LIFECYCLE, MODES } from './enforcement';
import { CLUSTERS, KUBERNETES } from './kubernetes';
import { CIDRS, ENDPOINTS, ENTITIES } from './layer3';
import { PORTS, REQUESTS } from './layer4';
import { NAMES } from './names';
import { NODES } from './nodes';
import { FRONTENDS, SERVICES } from './services';

export const PAGES: readonly Page[] = [
  MODES,
  DENIES,
  LIFECYCLE,
  ENDPOINTS,
  ENTITIES,
  CIDRS,
  NAMES,
  PORTS,
  REQUESTS,
  KUBERNETES,
  CLUSTERS,
  NODES,
  SERVICES,
  FRONTENDS,
];
