/** Marks of what is not known yet because a placeholder stands for it. */

/** A label value, a label key or a name that a placeholder stands for. It is valid wherever a text is. */
export const STAND_IN = 'value-of-a-placeholder';
