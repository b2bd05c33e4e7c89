import { z } from 'zod'
import type { ModelRecord } from '#app/studio/catalogue/record.ts'
import { generationSchema } from '#app/studio/generations/generation.schema.ts'
import { type Endpoint, endpoints, keyErrors } from './endpoints.ts'
import { examples } from './examples.ts'
import { problemSchema } from './schemas.ts'

/**
 * The API as an OpenAPI 3.1 document, whose schemas are JSON Schema 2020-12: drawn from the schemas that check requests and
 * answers, so it cannot say anything else than the code does.
 */
export function apiDocument(appUrl: URL, models: readonly ModelRecord[]) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const endpoint of endpoints) {
    paths[endpoint.path] ??= {}
    Object.assign(paths[endpoint.path] as object, { [endpoint.method.toLowerCase()]: operation(endpoint) })
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Fairframe',
      version: '1',
      description:
        'Makes videos for programs. Send the key as "Authorization: Bearer …". Errors are application/problem+json (RFC 9457); go by their code.',
    },
    servers: [{ url: appUrl.origin }],
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: ff_…' },
      },
      schemas: { GenerationRequest: requestSchema(models), Problem: json(problemSchema, 'output') },
    },
  }
}

function operation(endpoint: Endpoint) {
  const { name, summary, scope, parameters = [], body, answer, errors } = endpoint
  return {
    operationId: name,
    summary,
    ...(scope ? { security: [{ key: [scope] }] } : { security: [] }),
    ...(parameters.length > 0 ? { parameters: parameters.map(parameterOf) } : {}),
    ...(body === 'file' ? { requestBody: { required: true, content: fileTypes } } : {}),
    ...(body === 'generation'
      ? {
          requestBody: {
            required: true,
            content: {
              'application/json': {
                schema: { $ref: '#/components/schemas/GenerationRequest' },
                example: examples.request,
              },
            },
          },
        }
      : {}),
    responses: {
      [answer.status]: answerOf(answer),
      ...refusals([...(scope ? keyErrors : []), ...errors]),
    },
  }
}

const file = { schema: { type: 'string', format: 'binary' } }
const fileTypes = { 'image/*': file, 'video/*': file, 'audio/*': file }

function parameterOf({ says, ...parameter }: NonNullable<Endpoint['parameters']>[number]) {
  return { ...parameter, description: says, required: parameter.in === 'path' }
}

function answerOf({ says, schema, example, media }: Endpoint['answer']) {
  if (media) return { description: says, content: { [media]: {} } }
  if (!schema) return { description: says }
  return {
    description: says,
    content: { 'application/json': { schema: json(schema, 'output'), example } },
  }
}

/** By status, with the codes that it may carry. */
function refusals(errors: Endpoint['errors']) {
  const answers: Record<string, { description: string; content?: unknown }> = {}
  for (const { status, code, empty } of errors) {
    const there = answers[status]
    const description = there ? `${there.description}, ${code}` : code
    const example = status === examples.problem.status ? { example: examples.problem } : {}
    const content = {
      'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' }, ...example },
    }
    answers[status] = empty ? { description } : { description, content }
  }
  return answers
}

/** One schema for each model, told apart by its name. */
function requestSchema(models: readonly ModelRecord[]) {
  const each = models.map((model) => json(generationSchema(model), 'input'))
  return each.length === 1 ? each[0] : { oneOf: each, discriminator: { propertyName: 'model' } }
}

function json(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' })
  return rest
}
