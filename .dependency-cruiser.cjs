/** Import cycles. The direction of imports is ESLint's job (scripts/lint); a cycle needs the whole graph. */
module.exports = {
  forbidden: [
    {
      name: "no-cycle",
      severity: "error",
      comment: "Two modules that need each other are one module, or share a third.",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "node_modules|\\$types|^\\.svelte-kit|^build" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.strict.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "svelte", "default"] },
  },
};
