/** For programs that ask for a file which this installation does not have yet. */
export function absentFile(): Response {
  return new Response('Not here.\n', {
    status: 404,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  })
}
