import importX from 'eslint-plugin-import-x';
import regexp from 'eslint-plugin-regexp';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['imports/**', 'dist/**', 'out/**', 'manifests/**', 'coverage/**'] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    files: ['**/*.ts', '**/*.mts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { 'import-x': importX },
    rules: {
      eqeqeq: 'error',
      'import-x/order': ['error', { alphabetize: { order: 'asc', caseInsensitive: true }, 'newlines-between': 'never' }],
      'max-depth': ['error', 2],
      'no-console': 'error',
      '@typescript-eslint/explicit-member-accessibility': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      '@typescript-eslint/require-array-sort-compare': ['error', { ignoreStringArrays: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      // The CRD's `[]` and absent, and a caller's `''` and absent, are different things.
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
    },
  },
  {
    // What a user installs may require only its peers and what is bundled.
    files: ['lib/**/*.ts'],
    plugins: { regexp },
    rules: {
      // Texts of a checked repository may be hostile. `test/linear-time.test.ts` runs every expression too.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
      'import-x/no-extraneous-dependencies': ['error', { devDependencies: false, peerDependencies: true, bundledDependencies: true }],
      // What few runs need is loaded when it is asked for.
      '@typescript-eslint/no-require-imports': 'off',
      // Who writes YAML says how long a list is, and a call has a hundred thousand arguments at most.
      'no-restricted-syntax': [
        'error',
        {
          selector:
            ':matches(CallExpression[callee.object.name="Math"], CallExpression[callee.property.name=/^(push|unshift|splice|concat)$/]) > SpreadElement',
          message: 'the list may be longer than a call has arguments: use `reduce` or `forEach`',
        },
      ],
    },
  },
  { files: ['conformance/**'], rules: { 'no-console': 'off' } },
  // Half of the contract is what must not compile.
  { files: ['**/*.mjs', '**/*.cjs', 'test/package/api-contract.ts'], ...tseslint.configs.disableTypeChecked },
);
