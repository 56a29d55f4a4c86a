// `npm run bench -- <name> [size]`: one of the benchmarks beside this file; `access` without a name.
const [name = 'access'] = process.argv.slice(2);
await import(`./${name}.ts`);
