/**
 * KIE signs `taskId.timestamp` and not the body (docs.kie.ai/common-api/webhook-verification). A good signature proves that
 * something happened to a task of ours, and nothing that the body says of it: the caller asks the API then.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { WebhookClaim, WebhookRequest } from '../provider.ts'

const FRESH_MS = 5 * 60_000

const id = z.string().min(1).max(200).optional()
const bodyShape = z.object({ taskId: id, data: z.object({ taskId: id, task_id: id }).nullish() })

/** `now` in ms. Without a secret nothing is believed. */
export function verify(request: WebhookRequest, secret: string | undefined, now: number): WebhookClaim {
  const signature = request.headers['x-webhook-signature']
  const timestamp = request.headers['x-webhook-timestamp']
  if (!secret || !signature || !timestamp) return { accepted: false, why: 'unsigned' }
  const taskId = taskOf(request.rawBody)
  if (!taskId || !/^\d{1,12}$/.test(timestamp)) return { accepted: false, why: 'malformed' }
  const right = createHmac('sha256', secret).update(`${taskId}.${timestamp}`).digest()
  const given = Buffer.from(signature, 'base64')
  if (given.length !== right.length || !timingSafeEqual(given, right))
    return { accepted: false, why: 'forged' }
  if (Math.abs(now - Number(timestamp) * 1000) > FRESH_MS) return { accepted: false, why: 'stale' }
  return { accepted: true, providerJob: taskId, delivery: `${taskId}.${timestamp}` }
}

/** The name differs between its own documents. */
function taskOf(rawBody: Uint8Array): string | undefined {
  try {
    const body = bodyShape.safeParse(JSON.parse(Buffer.from(rawBody).toString('utf8')))
    return body.data?.data?.taskId ?? body.data?.data?.task_id ?? body.data?.taskId
  } catch {
    return undefined
  }
}
