import type { ActionFunctionArgs } from '@remix-run/node'
import { piecesOf } from '#app/http/body.ts'
import { count, type Guarded, visitOf } from '#app/http/page.ts'
import { pictureBody } from '#app/http/picture-body.ts'
import { refusalOf } from '#app/http/refusals.ts'
import { receiveMedia } from '#app/studio/references/receive.ts'
import { addReference } from '#app/studio/references/references.ts'
import { AppError } from '#core/errors/errors.ts'
import { say } from '#core/i18n/say.ts'

/**
 * Takes one file as the body of the request, and answers its id: a picture, which is ready then, or with `?kind=clip` or
 * `?kind=sound` what a worker looks into first (`reference.ts` says how far it is). What is too large is refused while it
 * arrives: the length that a request claims proves nothing.
 */
async function take(args: ActionFunctionArgs): Promise<Response> {
  try {
    const { house, context, request, url, who } = visitOf('person', args)
    if (request.method !== 'POST')
      throw new AppError('wrong_method', say('Send a file here.'), { status: 405 })
    await count(context, 'upload', who.subject.id)
    const kind = url.searchParams.get('kind') ?? 'picture'
    if (kind !== 'picture' && kind !== 'clip' && kind !== 'sound')
      throw new AppError('wrong_kind', say('Send a picture, a clip or a sound.'), { status: 422 })
    const id =
      kind === 'picture'
        ? await addReference(house, who.subject.id, await pictureBody(request))
        : await receiveMedia(house, who.subject.id, kind, piecesOf(request))
    return Response.json({ id }, { status: 201 })
  } catch (error) {
    const refused = refusalOf(error, args.context)
    if (!refused) throw error
    const { code, sentence } = refused.refusal
    return Response.json({ code, sentence }, { status: refused.status })
  }
}

export const action: typeof take & Guarded = Object.assign(take, { guard: 'person' as const })
