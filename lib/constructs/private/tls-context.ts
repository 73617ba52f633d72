import { parseNamespaceName, parseObjectName } from '../../net/label';
import { must } from './errors';
import { TlsContextManifest } from './manifest';

/** Renders the context as the CRD spells it. */
export function renderTlsContext(context: Context): TlsContextManifest {
  must('secretName', context?.secretName, parseObjectName);
  if (context.secretNamespace !== undefined) {
    must('secretNamespace', context.secretNamespace, parseNamespaceName);
  }
  return {
    secret: { name: context.secretName, namespace: context.secretNamespace },
    trustedCA: context.trustedCa,
    certificate: context.certificate,
    privateKey: context.privateKey,
  };
}

/** What a `TlsContext` says. */
interface Context {
  readonly secretName: string;
  readonly secretNamespace?: string;
  readonly trustedCa?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
}
