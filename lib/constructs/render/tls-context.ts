import { parseNamespaceName, parseObjectName } from '../../net/label';
import { must } from '../../props/errors';
import { mustFit, Shape, text } from '../../props/shape';
import { TlsContextManifest } from '../private/manifest';
import type { TlsContext } from '../tls-context';

const CONTEXT: Shape<TlsContext> = {
  secretName: text,
  secretNamespace: { optional: text },
  trustedCa: { optional: text },
  certificate: { optional: text },
  privateKey: { optional: text },
};

/** Renders the context as the CRD spells it. */
export function renderTlsContext(context: TlsContext): TlsContextManifest {
  mustFit('TlsContext', CONTEXT, context);
  must('secretName', context.secretName, parseObjectName);
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
