// The name of a column, or of a field, as plain words: `AccountId`, `account_id` and `Account ID` are the same.
import { plainWords } from '../matching/plain.ts';

export const columnWords = (name: string): string =>
  plainWords(
    name
      .replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
      .replaceAll('_', ' '),
  );
