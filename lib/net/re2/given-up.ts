/** Why the size of a program is not counted to its end. */
export type Answer = { readonly is: 'refused' } | { readonly is: 'may-exceed' };

/** Ends the reading or the compiling of a pattern, with the answer. */
export class GivenUp extends Error {
  public constructor(public readonly answer: Answer) {
    super(answer.is);
  }
}
