/** Which manifests belong to which cluster of a program. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject } from '../../model/json';
import { groupedBy } from '../../net/grouped';
import { printable } from '../../net/printable';
import { CLUSTER_FILE } from '../../props/marks';
import { parseJsonText } from '../../read/json';
import { readRegular } from '../../read/regular-file';

/** The manifests of one cluster, or those that belong to none. */
export interface ClusterPart {
  /** What the cluster says of itself: the properties of the plugin that it gives. */
  readonly answers: { readonly cilium?: unknown; readonly config?: unknown };
  readonly manifests: readonly string[];
}

export function clustersIn(manifests: readonly string[]): readonly ClusterPart[] {
  const byFolder = groupedBy(manifests, (manifest) => clusterFolder(dirname(manifest)));
  return [...byFolder].map(([folder, some]) => ({
    answers: folder === undefined ? {} : answersIn(join(folder, CLUSTER_FILE)),
    manifests: some,
  }));
}

/** The folder of the cluster: that of the manifest, or the one above, because cdk8s can write a folder for each chart. */
function clusterFolder(folder: string): string | undefined {
  return [folder, dirname(folder)].find((one) => existsSync(join(one, CLUSTER_FILE)));
}

function answersIn(file: string): ClusterPart['answers'] {
  const bytes = readRegular(file, MOST_BYTES);
  const parsed = bytes.ok ? parseJsonText(bytes.value.toString('utf8')) : bytes;
  if (!parsed.ok || !isObject(parsed.value)) {
    throw new Error(printable(`CiliumPolicyValidation: ${file} cannot be read; synthesize the app again`));
  }
  const { cilium, config } = parsed.value;
  return { ...(cilium !== undefined && { cilium }), ...(config !== undefined && { config }) };
}

const MOST_BYTES = 1024 * 1024;
