/** The number of instructions above which Envoy refuses a program. Source: envoy `re2.max_program_size.error_level`. */
export const ENVOY_INSTRUCTIONS = 100;
