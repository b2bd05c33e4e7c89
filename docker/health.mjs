/** The container's health check: 0 when the web server answers. Whether it is ready for traffic is /readyz, for a balancer. */
try {
  const answer = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`, {
    signal: AbortSignal.timeout(4000),
  })
  process.exitCode = answer.ok ? 0 : 1
} catch {
  process.exitCode = 1
}
