import { parseNamespaceName, parseObjectName } from '../../net/label';
import { TlsContext } from '../tls-context';
import { must } from './errors';
import { compact } from './manifest';

/** The context as the CRD spells it. */
export function renderTlsContext(context: TlsContext): object {
  must(parseObjectName(context.secretName));
  if (context.secretNamespace !== undefined) {
    must(parseNamespaceName(context.secretNamespace));
  }
  return compact({
    secret: compact({ name: context.secretName, namespace: context.secretNamespace }),
    trustedCA: context.trustedCa,
    certificate: context.certificate,
    privateKey: context.privateKey,
  });
}
