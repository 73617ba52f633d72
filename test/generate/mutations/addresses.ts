/** Mutations of CIDRs and DNS names of peers: B.6 and B.7. */
import fc from 'fast-check';
import { among } from '../choices';
import { JsonObject } from '../json';
import { Mutation, mutation, onPeers, SECTIONS } from './mutation';

const BAD_CIDRS = ['10.0.0.0/33', '10.0.0/8', '10.0.0.0/', '/8', '300.0.0.0/8', 'fe80::1%eth0/64', '2001:db8::/129', '10.0.0.0/+8', ''];
/** Values that the API server accepts and the agent rejects. */
const LAX_CIDRS = ['10.0.0.0/08', '010.0.0.0/8'];

function cidrSet(...items: readonly JsonObject[]): Mutation['apply'] {
  return onPeers(
    SECTIONS,
    among(...items).map((item) => ({ CIDRSet: [item] })),
  );
}

function names(...items: readonly JsonObject[]): Mutation['apply'] {
  return onPeers(
    ['egress'],
    among(...items).map((item) => ({ toFQDNs: [item] })),
  );
}

export const ADDRESS_MUTATIONS: readonly Mutation[] = [
  mutation('empty-cidr', 'B.6-44', onPeers(SECTIONS, fc.constant({ CIDR: [''] }))),
  mutation(
    'bad-cidr',
    'B.6-44',
    onPeers(
      SECTIONS,
      among(...BAD_CIDRS).map((cidr) => ({ CIDR: [cidr] })),
    ),
  ),
  mutation(
    'lax-cidr',
    'B.6-44',
    onPeers(
      SECTIONS,
      among(...LAX_CIDRS).map((cidr) => ({ CIDR: [cidr] })),
    ),
  ),
  mutation(
    'bare-address',
    'B.6-44',
    onPeers(
      SECTIONS,
      among('10.0.0.1', '2001:db8::1').map((cidr) => ({ CIDR: [cidr] })),
    ),
  ),
  mutation(
    'cidr-with-host-bits',
    'B.6-44',
    onPeers(
      SECTIONS,
      among('10.1.2.3/8', '2001:db8::1/32', '::ffff:10.0.0.0/104').map((cidr) => ({ CIDR: [cidr] })),
    ),
  ),
  mutation('cidr-rule-of-nothing', 'B.6-45', cidrSet({}, { except: ['10.0.0.0/8'] }, { cidr: '' })),
  mutation(
    'cidr-rule-of-two',
    'B.6-45',
    cidrSet(
      { cidr: '10.0.0.0/8', cidrGroupRef: 'g' },
      { cidr: '10.0.0.0/8', cidrGroupRef: '' },
      { cidr: '10.0.0.0/8', cidrGroupSelector: {} },
      { cidrGroupRef: 'g', cidrGroupSelector: {} },
    ),
  ),
  mutation(
    'bad-group-name',
    'B.6-45',
    cidrSet({ cidrGroupRef: '' }, { cidrGroupRef: 'A' }, { cidrGroupRef: 'a_b' }, { cidrGroupRef: 'g'.repeat(254) }),
  ),
  mutation('bad-cidr-in-set', 'B.6-46', cidrSet(...[...BAD_CIDRS, ...LAX_CIDRS, '10.0.0.1'].map((cidr) => ({ cidr })))),
  mutation(
    'bad-except',
    'B.6-46',
    cidrSet(...[...BAD_CIDRS, ...LAX_CIDRS, '10.0.0.1'].map((hole) => ({ cidr: '10.0.0.0/8', except: [hole] }))),
  ),
  mutation(
    'except-outside',
    'B.6-46',
    cidrSet({ cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] }, { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '2001:db8::/32'] }),
  ),
  mutation('except-wider', 'B.6-46', cidrSet({ cidr: '10.0.0.0/16', except: ['10.0.0.0/8'] }, { cidr: '2001:db8::/48', except: ['::/0'] })),
  mutation(
    'except-equal',
    'B.6-46',
    cidrSet({ cidr: '10.0.0.0/8', except: ['10.0.0.0/8'] }, { cidr: '10.0.0.0/8', except: ['10.200.0.0/8'] }),
  ),
  mutation(
    'bad-except-of-a-group',
    'B.6-46',
    cidrSet(...LAX_CIDRS.map((hole) => ({ cidrGroupRef: 'g', except: [hole] })), { cidrGroupSelector: {}, except: ['10.0.0.1'] }),
  ),
  mutation('name-and-pattern', 'B.7-47', names({ matchName: 'a.b', matchPattern: '*' }, { matchName: 'a.b', matchPattern: '' })),
  mutation('no-name-nor-pattern', 'B.7-47', names({})),
  mutation('name-and-null-pattern', 'B.7-47', names({ matchName: 'a.b', matchPattern: null })),
  mutation('bad-name', 'B.7-48', names({ matchName: 'a b' }, { matchName: '*.a' }, { matchName: 'a/b' }, { matchName: 'größe.de' })),
  mutation('name-for-the-agent-alone', 'B.7-48', names({ matchName: '.' }, { matchName: '.a' }, { matchName: 'a..b' }, { matchName: '' })),
  mutation('bad-pattern', 'B.7-49', names({ matchPattern: 'a?.b' }, { matchPattern: '[ab].c' }, { matchPattern: ' *' })),
  mutation('pattern-for-the-agent-alone', 'B.7-49', names({ matchPattern: '.' }, { matchPattern: '*..b' }, { matchPattern: '' })),
  mutation('long-pattern', 'B.7-49', names({ matchPattern: `${'a'.repeat(255)}*` }, { matchName: 'a'.repeat(256) })),
  mutation('longest-pattern', 'B.7-49', onPeers(['egress'], fc.constant({ toFQDNs: [{ matchPattern: `${'a'.repeat(254)}*` }] }))),
];
