// Stands in for the validator package that @rjsf/core names but never calls in our build (see vite.config.ts).
export default {};
