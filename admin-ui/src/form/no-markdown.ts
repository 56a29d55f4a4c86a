// Stands in for the Markdown reader that @rjsf/core brings for descriptions, which our widgets draw as plain text.

export function Markdown({ children }: { readonly children: string }): string {
  return children;
}
