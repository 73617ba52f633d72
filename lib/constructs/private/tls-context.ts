import { parseNamespaceName, parseObjectName } from '../../net/label';
import { TlsContext } from '../tls-context';
import { must } from './errors';

/** The context as the CRD spells it. */
export function renderTlsContext(context: TlsContext): object {
  must(parseObjectName(context.secretName));
  if (context.secretNamespace !== undefined) {
    must(parseNamespaceName(context.secretNamespace));
  }
  return {
    secret: { name: context.secretName, namespace: context.secretNamespace },
    trustedCA: context.trustedCa,
    certificate: context.certificate,
    privateKey: context.privateKey,
  };
}
