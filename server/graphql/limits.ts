// Limits that a document must keep before anything of it runs: depth, and how many fields stand at the root.
import { type ASTNode, GraphQLError, type ValidationRule } from 'graphql';

/** Tokens of a document; the parser stops there. */
export const maxTokens = 5000;
export const maxDepth = 15;
export const maxRootFields = 20;

/** Refuses documents that nest deeper, or ask for more at the root, than the limits. Fragments count where they are used. */
export const limitsRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    const roots = operation.selectionSet.selections.length;
    if (roots > maxRootFields)
      context.reportError(new GraphQLError(`At most ${maxRootFields} fields at the root, not ${roots}.`, { nodes: operation }));
    const depth = depthOf(operation, (name) => context.getFragment(name) ?? undefined, new Set());
    if (depth > maxDepth)
      context.reportError(new GraphQLError(`Selections nest at most ${maxDepth} deep.`, { nodes: operation }));
  },
});

function depthOf(node: ASTNode, fragment: (name: string) => ASTNode | undefined, open: ReadonlySet<string>): number {
  if (node.kind === 'FragmentSpread') {
    const found = fragment(node.name.value);
    // A cycle of fragments is another rule's finding.
    return found === undefined || open.has(node.name.value) ? 0 : depthOf(found, fragment, new Set([...open, node.name.value]));
  }
  if (!('selectionSet' in node) || node.selectionSet === undefined) return node.kind === 'Field' ? 1 : 0;
  const inner = Math.max(0, ...node.selectionSet.selections.map((selection) => depthOf(selection, fragment, open)));
  return node.kind === 'Field' ? inner + 1 : inner;
}
