/**
 * Vertex AI and Google's token endpoint: the claim's signature, audience and lifetime are checked, tokens end, videos come
 * inside the answer. The key is that of a service account, made for each double.
 */
import { generateKeyPairSync, randomUUID, verify } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fixture } from '#test/factories/provider-job.ts'
import { checkVeo, fields, Refusal, scriptedRefusal } from './google-strict.ts'
import {
  harness,
  has,
  htmlPage,
  type ProviderDouble,
  type Recorded,
  type Reply,
  runningPolls,
} from './harness.ts'

interface Job {
  prompt: string
  polls: number
  /** How often it was told that it succeeded. */
  told: number
}

export interface VertexDouble extends ProviderDouble {
  /** How many tokens it gave out. */
  tokens: number
  /** Ends all tokens. */
  revoke(): void
}

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const email = 'studio@a-project.iam.gserviceaccount.com'

export async function vertexDouble(): Promise<VertexDouble> {
  const jobs = new Map<string, Job>()
  const good = new Set<string>()
  const base = '/v1/projects/a-project/locations/us-central1'
  const server = await harness(async (request) => {
    try {
      return await route(request)
    } catch (error) {
      if (error instanceof Refusal) return error.reply
      throw error
    }
  })

  const double: VertexDouble = {
    addresses: { api: server.origin, token: `${server.origin}/token` },
    key: JSON.stringify({
      type: 'service_account',
      project_id: 'a-project',
      private_key_id: 'key-1',
      private_key: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      client_email: email,
      token_uri: 'https://oauth2.googleapis.com/token',
    }),
    requests: server.requests,
    taken: [],
    cancelled: [],
    tokens: 0,
    revoke: () => good.clear(),
    close: server.close,
  }

  async function route(request: Recorded): Promise<Reply> {
    if (request.path === '/token') return grant(request)
    const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (!token || !good.has(token))
      throw new Refusal(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
    if (request.method === 'GET' && request.path === base)
      return { json: { name: base.slice(4), locationId: 'us-central1' } }
    const verb = /^(.+)\/publishers\/google\/models\/([\w.-]+):(\w+)$/.exec(request.path)
    if (request.method !== 'POST' || verb?.[1] !== base) return htmlNotFound
    if (verb[3] === 'predictLongRunning') return take(request.json, `${verb[2]}`)
    return verb[3] === 'fetchPredictOperation' ? look(request.json) : htmlNotFound
  }

  function grant(request: Recorded): Reply {
    const form = new URLSearchParams(request.raw.toString('utf8'))
    const says = (error: string, status = 400) => ({ status, json: { error, error_description: '…' } })
    if (request.headers['content-type'] !== 'application/x-www-form-urlencoded')
      return says('invalid_request')
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return says('unsupported_grant_type')
    const [head = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    const signed = verify(
      'RSA-SHA256',
      Buffer.from(`${head}.${claims}`),
      pair.publicKey,
      Buffer.from(signature, 'base64url'),
    )
    const { iss, scope, aud, iat, exp } = read(claims)
    const whole =
      read(head).alg === 'RS256' &&
      iss === email &&
      scope === 'https://www.googleapis.com/auth/cloud-platform' &&
      aud === 'https://oauth2.googleapis.com/token' &&
      exp - iat > 0 &&
      exp - iat <= 3600
    if (!signed || !whole) return says('invalid_grant')
    const access_token = `ya29.${randomUUID()}`
    good.add(access_token)
    double.tokens++
    return { json: { access_token, expires_in: 3599, token_type: 'Bearer' } }
  }

  function take(body: unknown, model: string): Reply {
    const prompt = checkVeo(body, 'vertex')
    const refusal = scriptedRefusal(prompt, model)
    if (refusal) return refusal
    const name = `${base.slice(4)}/publishers/google/models/${model}/operations/${randomUUID()}`
    jobs.set(name, { prompt, polls: 0, told: 0 })
    double.taken.push(name)
    return has(prompt, 'lost') ? { breakOff: true } : { json: { name } }
  }

  async function look(body: unknown): Promise<Reply> {
    const { operationName } = fields(body, 'body', 'operationName!')
    const name = String(operationName)
    const job = jobs.get(name)
    if (!job || has(job.prompt, 'gone') || (has(job.prompt, 'expired') && job.told > 0))
      throw new Refusal(404, 'NOT_FOUND', 'The operation does not exist.')
    if (job.polls === 0 && has(job.prompt, 'poll500')) {
      job.polls++
      throw new Refusal(500, 'INTERNAL', job.prompt)
    }
    if (job.polls === 0 && has(job.prompt, 'pollhtml')) {
      job.polls++
      return htmlPage
    }
    if (job.polls++ < runningPolls(job.prompt)) return { json: { name } }
    if (has(job.prompt, 'fail'))
      return { json: { name, done: true, error: { code: 13, message: job.prompt } } }
    const filtered = has(job.prompt, 'policy') ? '58061214: Child' : has(job.prompt, 'face') ? '15236754' : ''
    const type = 'type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse'
    const response = filtered
      ? { '@type': type, raiMediaFilteredCount: 1, raiMediaFilteredReasons: [filtered] }
      : { '@type': type, raiMediaFilteredCount: 0, videos: [await video(job.prompt)] }
    const text = JSON.stringify({ name, done: true, response })
    const cut = has(job.prompt, 'truncated') && job.told > 0
    job.told++
    return {
      headers: { 'content-type': 'application/json' },
      body: text,
      ...(cut ? { cutAt: Math.floor(text.length / 2) } : {}),
    }
  }

  return double
}

async function video(prompt: string) {
  const bytes = has(prompt, 'htmlresult')
    ? Buffer.from(String(htmlPage.body))
    : await readFile(fixture.result)
  return { bytesBase64Encoded: bytes.toString('base64'), mimeType: 'video/mp4' }
}

const htmlNotFound: Reply = { status: 404, body: '<title>Error 404 (Not Found)!!1</title>' }
