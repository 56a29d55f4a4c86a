// The parameters the embedded server runs with.

/**
 * Server parameters, name → value.
 * @param fsync false only for data that may be lost, such as a test run's
 */
export function serverParameters(socketFolder: string, fsync: boolean): Readonly<Record<string, string>> {
  return {
    listen_addresses: '',
    unix_socket_directories: socketFolder,
    unix_socket_permissions: '0700',
    max_connections: '200',
    // Containers often give /dev/shm 64 MB, which parallel workers would exceed.
    dynamic_shared_memory_type: 'mmap',
    max_parallel_workers_per_gather: '0',
    shared_buffers: '128MB',
    random_page_cost: '1.1',
    TimeZone: 'UTC',
    log_timezone: 'UTC',
    lc_messages: 'C',
    log_min_messages: 'warning',
    // Statements and the values in DETAIL lines are people's data, which does not belong in a log file.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    ...(fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}
