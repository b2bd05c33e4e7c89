/** The part of autocannon 9 that the benches use; it brings no types. */
declare module 'autocannon' {
  interface Request {
    method?: string
    path?: string
    headers?: Record<string, string>
    body?: string
  }
  interface Options {
    url: string
    connections: number
    /** Seconds; or `amount`, a number of requests. */
    duration?: number
    amount?: number
    /** Seconds until an answer counts as failed. */
    timeout?: number
    requests: (Request & { setupRequest?(request: Request): Request })[]
  }
  interface Result {
    '2xx': number
    non2xx: number
    errors: number
    timeouts: number
    statusCodeStats: Record<string, { count: number }>
    /** Seconds. */
    duration: number
    /** In ms. */
    latency: { p50: number; p99: number; max: number }
    /** Answers a second, over samples of a second. */
    requests: { average: number; total: number }
    /** Bytes a second, over samples of a second. */
    throughput: { average: number; total: number }
  }
  export default function autocannon(options: Options): Promise<Result>
}
