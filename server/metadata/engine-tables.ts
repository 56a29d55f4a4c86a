// The engine's own tables, which no entity may be called like.

/** Without the prefix. */
export const engineTables = [
  'migrations',
  'meta_versions',
  'meta_steps',
  'meta_documents',
  'meta_publications',
  'meta_nodes',
  'meta_undo',
  'meta_computed',
  'idempotency_keys',
  'outbox',
  'workflow_runs',
  'signing_keys',
  'refresh_tokens',
  'login_attempts',
  'counters',
  'api_keys',
  'second_factors',
  'recovery_codes',
  'sign_in_vouchers',
  'sign_in_identities',
  'files',
  'merges',
  'merge_losers',
  'merge_moves',
] as const;
