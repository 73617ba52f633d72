/** `cdk8s-cilium explain`: prints the page of a check. */
import { Command } from 'commander';
import { checkOf, CHECKS } from '../checks/registry';
import { closest } from '../net/did-you-mean';
import { catalogue, pageOf } from '../report/findings/page';
import { Failure } from './failure';
import { print } from './output';

export function explainCommand(): Command {
  return new Command('explain')
    .description('print the page of a check, or the list of all checks')
    .argument('[code]', 'a code such as CIL201, or a name such as mixed-peer-kinds')
    .addHelpText('after', '\nExample:\n  cdk8s-cilium explain CIL201')
    .action((code?: string) => print(code === undefined ? catalogue(CHECKS) : pageOf(found(code))));
}

function found(code: string): (typeof CHECKS)[number] {
  const check = checkOf(code) ?? CHECKS.find(({ name }) => name === code);
  if (check === undefined) {
    const guess = closest(code, [...CHECKS.map((one) => one.code), ...CHECKS.map(({ name }) => name)]);
    throw new Failure(
      `unknown check \`${code}\``,
      guess === undefined ? 'run `cdk8s-cilium explain` for a list of all checks' : `did you mean \`${guess}\`?`,
    );
  }
  return check;
}
