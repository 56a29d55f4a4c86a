// What reverse proxies say about the caller (X-Forwarded-For, -Proto, -Host) is believed only when they are known to be there.

/**
 * Options for `new Koa(…)`. Each proxy appends the address that it was asked from, so with `count` proxies the caller's own
 * address is the one `count` from the end; whatever stands before it, the caller made up.
 * @param count of proxies in front of the server; with 0 the headers are ignored
 */
export const behindProxies = (count: number): { readonly proxy: boolean; readonly maxIpsCount: number } => ({
  proxy: count > 0,
  maxIpsCount: count,
});
