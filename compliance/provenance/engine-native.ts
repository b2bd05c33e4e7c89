import { Builder, CallbackSigner, Reader } from '@contentauth/c2pa-node'
import { type BackEnd, type ReaderAnswer, reserveFor } from './engine-messages.ts'
import { answerToRefusal } from './engine-refusals.ts'

/**
 * The compiled engine (c2pa-rs through N-API), for the child process only. Throws where the binary does not fit the
 * processor or the C library; it is loaded on first use, so that use is made here.
 */
export function loadNativeBackEnd(): BackEnd {
  Builder.new()
  return nativeBackEnd
}

const nativeBackEnd: BackEnd = {
  name: 'native',

  async sign(job, askParent) {
    const builder = Builder.withJson(job.definition as never, { ...job.settings })
    for (const part of job.ingredients) {
      const source = part.path ? { path: part.path, mimeType: part.format } : undefined
      await builder.addIngredient(JSON.stringify(part.json), source)
    }
    const signer = CallbackSigner.newSigner(
      {
        alg: 'es256',
        certs: job.chain.map((pem) => Buffer.from(pem)),
        reserveSize: reserveFor(job.chain),
        directCoseHandling: false,
      },
      async (toBeSigned) => Buffer.from(await askParent(toBeSigned)),
    )
    // signAsync, not sign: the synchronous one blocks the loop, and with it the question to the parent.
    return builder.signAsync(
      signer,
      { path: job.inPath, mimeType: job.format },
      { path: job.outPath, mimeType: job.format },
    )
  },

  async read(job): Promise<ReaderAnswer> {
    try {
      const reader = await Reader.fromAsset({ path: job.path, mimeType: job.format }, { ...job.settings })
      return reader ? { kind: 'store', json: JSON.stringify(reader.json()) } : { kind: 'nothing' }
    } catch (error) {
      return answerToRefusal(error)
    }
  },
}
