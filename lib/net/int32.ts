/** Whether an integer fits into 32 bits, with a sign. */
export function isInt32(number: number): boolean {
  return number >= -(2 ** 31) && number < 2 ** 31;
}
