import { noEndpoint } from '#app/http/api.ts'
import { say } from '#core/i18n/say.ts'
import { openAiRefusal } from './openai-errors.ts'

const endpoint = noEndpoint(
  say(
    'There is no such address. Videos are made, listed, fetched and deleted under /v1/videos; remixes, edits, extensions and characters are not offered.',
  ),
  openAiRefusal,
)

// Named one by one: the build cuts exports out by name, and does not look into a pattern.
export const loader = endpoint.loader
export const action = endpoint.action
