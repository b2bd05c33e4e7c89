/**
 * The builder of routes that providers knock at. Nothing that comes is believed but a claim that the driver checked; the
 * answer never says more than that it came. No session, no cross-site check: these are servers, and a signature is the key.
 */
import type { ActionFunctionArgs, LoaderFunctionArgs } from '@remix-run/node'
import type { House } from '#app/house.ts'
import type { WebhookRequest } from '#app/studio/providers/provider.ts'
import { isAppError } from '#core/errors/errors.ts'
import { cappedBody } from './api.ts'
import type { Guard } from './load-context.ts'

const LONGEST_BODY = 256 * 1024

export type WebhookAnswer = 'taken' | 'unknown_address' | 'refused' | 'malformed'

const statuses: Readonly<Record<WebhookAnswer, number>> = {
  taken: 200,
  unknown_address: 404,
  refused: 401,
  malformed: 400,
}

export type WebhookWork = (
  house: House,
  params: Readonly<Record<string, string | undefined>>,
  request: WebhookRequest,
) => Promise<WebhookAnswer>

export function webhookEndpoint(work: WebhookWork) {
  const handle = async ({ request, context, params }: ActionFunctionArgs | LoaderFunctionArgs) => {
    if (request.method !== 'POST') return answer(405, { Allow: 'POST' })
    try {
      const rawBody = await cappedBody(request, LONGEST_BODY)
      const headers = Object.fromEntries(request.headers)
      return answer(statuses[await work(context.house, params, { headers, rawBody })])
    } catch (error) {
      if (isAppError(error) && error.status < 500) return answer(error.status)
      // A 5xx makes the provider knock again, which is right: we may not have written it down.
      context.report(error)
      return answer(500)
    }
  }
  return Object.assign(handle, { guard: 'signed' as Guard, direct: true as const })
}

function answer(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'Cache-Control': 'no-store', ...headers } })
}
