/**
 * Forgetting a job. ComfyUI offers to delete an entry of its history (the prompt with it), and no file: inputs and results are
 * written again with nothing in them, so that empty files with random names are all that stays. Files that a node writes
 * without telling the history, copies of VideoHelperSuite for example, are out of reach.
 */
import type { Forgotten, ForgottenJob } from '#app/studio/providers/provider.ts'
import { type OutputFile, readHistory, writtenFiles } from './answers.ts'
import type { Server } from './server.ts'
import { FOLDER } from './workflow.ts'

export async function forget(server: Server, job: ForgottenJob, signal: AbortSignal): Promise<Forgotten> {
  const { providerJob: id, memo } = job
  const inputs: OutputFile[] = (memo.inputs?.split(' ') ?? []).map((filename) => ({
    filename,
    subfolder: FOLDER,
    type: 'input',
  }))
  const entry = readHistory(await server.history(id, signal), id)
  // The history is kept in memory: after a restart the results are found by the name that we gave them.
  const outputs = entry ? writtenFiles(entry) : await named(server, id, signal)
  for (const file of [...inputs, ...outputs]) await server.blank(file, signal)
  await server.told('/queue', { json: { delete: [id] }, signal })
  await server.told('/history', { json: { delete: [id] }, signal })
  return entry || inputs.length > 0 || outputs.length > 0 ? 'deleted' : 'already_gone'
}

/** How `SaveVideo` and VideoHelperSuite number the first file of a prefix. */
const endings = ['_00001_.mp4', '_00001.mp4', '_00001_.webm', '_00001.webm', '_00001.png', '_00001-audio.mp4']

async function named(server: Server, id: string, signal: AbortSignal): Promise<OutputFile[]> {
  const there: OutputFile[] = []
  for (const ending of endings) {
    const file = { filename: `${id}${ending}`, subfolder: FOLDER, type: 'output' }
    const answer = await server.ask(viewPath(file), { headers: { range: 'bytes=0-0' }, signal })
    // An empty file has no first byte (416), and nothing to erase.
    if (answer.status === 206 || answer.status === 200) there.push(file)
  }
  return there
}

export function viewPath({ filename, subfolder, type }: OutputFile): string {
  return `/view?${new URLSearchParams({ filename, subfolder, type })}`
}
