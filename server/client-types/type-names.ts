// Names of the generated types: `book_copies` → `BookCopies`, each given once.

/** Gives names; one that is taken already gets the ending, then numbers. */
export function nameGiver(taken: Iterable<string>): (words: string, ending: string) => string {
  const given = new Set(taken);
  return (words, ending) => {
    const name = pascalCase(words);
    const candidates = [name, `${name}${ending}`];
    for (let number = 2; ; number += 1) {
      const free = candidates.find((candidate) => !given.has(candidate));
      if (free !== undefined) {
        given.add(free);
        return free;
      }
      candidates.push(`${name}${ending}${number}`);
    }
  };
}

const pascalCase = (words: string): string =>
  words
    .split('_')
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
