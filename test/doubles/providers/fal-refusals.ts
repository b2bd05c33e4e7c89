/** How fal shows that a run was refused or failed: with the result of a request that is "completed" (fal.ai/docs, "Model errors"). */
import { has, type Reply } from './harness.ts'

export function falRefusal(prompt: string): Reply | undefined {
  const entry = (type: string, msg: string, loc: string[], more: object = {}) => ({
    detail: [{ loc, msg, type, url: `https://docs.fal.ai/errors/#${type}`, input: prompt, ...more }],
  })
  const ctx = { extra_info: { reason: 'partner_validation_failed' } }
  if (has(prompt, 'face'))
    return {
      status: 422,
      json: entry(
        'content_policy_violation',
        'The images or videos provided may contain likenesses of real people',
        ['body', 'image_url'],
        { ctx },
      ),
    }
  if (has(prompt, 'policy'))
    return {
      status: 422,
      json: entry(
        'content_policy_violation',
        'The content could not be processed because it contained material flagged by a content checker.',
        ['body', 'prompt'],
      ),
    }
  if (has(prompt, 'invalid'))
    return { status: 422, json: entry('one_of', 'Value should be one of …', ['body']) }
  if (has(prompt, 'fail'))
    return { status: 500, json: entry('internal_server_error', 'Internal server error', ['body']) }
  return undefined
}
