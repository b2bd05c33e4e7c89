/** Records of tasks as KIE answers them: the key sets of recorded answers, with what was added in September 2026. */
import { has, runningPolls } from './harness.ts'

export interface KieTask {
  id: string
  family: 'jobs' | 'veo'
  model: string
  input: Record<string, unknown>
  prompt: string
  /** The size a Veo video comes in. */
  wanted: string
  /** How often its record was read. */
  asked: number
  /** How often its larger version was asked for. */
  larger: number
  created: number
  url: string
}

export const CREDITS = 62.5

type End = 'running' | 'success' | { code: number; msg: string }

function endOf(task: KieTask): End {
  if (task.asked <= runningPolls(task.prompt)) return 'running'
  // Refusals quote what they refuse.
  if (has(task.prompt, 'policy'))
    return {
      code: 400,
      msg: `Your prompt was flagged by Website as violating content policies: ${task.prompt}`,
    }
  if (has(task.prompt, 'face'))
    return task.family === 'veo'
      ? { code: 400, msg: 'public error unsafe image upload' }
      : { code: 500, msg: 'The request failed because the input image may contain real person.' }
  if (has(task.prompt, 'fail')) return { code: 501, msg: 'Generation failed, try again later' }
  return 'success'
}

export function jobRecord(task: KieTask): Record<string, unknown> {
  const end = endOf(task)
  const completed = task.created + 285_000
  const base = {
    taskId: task.id,
    model: task.model,
    // Encoded twice, as recorded.
    param: JSON.stringify({ input: JSON.stringify(task.input), model: task.model }),
    createTime: task.created,
  }
  if (end === 'running')
    return {
      ...base,
      state: task.asked > 1 ? 'generating' : 'waiting',
      resultJson: '',
      failCode: null,
      failMsg: null,
      costTime: null,
      completeTime: null,
      successFlag: 0,
      creditsConsumed: null,
      response: null,
      progress: null,
    }
  const over = { costTime: 285, completeTime: completed, updateTime: completed }
  if (end === 'success')
    return {
      ...base,
      ...over,
      state: 'success',
      resultJson: JSON.stringify({ resultUrls: [task.url] }),
      failCode: null,
      failMsg: null,
      successFlag: 1,
      creditsConsumed: CREDITS,
      response: { resultUrls: [task.url] },
    }
  return {
    ...base,
    ...over,
    state: 'fail',
    resultJson: '',
    failCode: String(end.code),
    failMsg: end.msg,
    successFlag: 3,
    creditsConsumed: 0,
    response: null,
  }
}

export function veoRecord(task: KieTask): Record<string, unknown> {
  const end = endOf(task)
  const base = {
    taskId: task.id,
    paramJson: JSON.stringify(task.input),
    createTime: '2025-06-06 10:25:00',
    fallbackFlag: false,
  }
  if (end === 'running')
    return {
      ...base,
      completeTime: null,
      successFlag: 0,
      response: null,
      errorCode: null,
      errorMessage: '',
    }
  const over = { ...base, completeTime: '2025-06-06 10:30:00' }
  if (end !== 'success')
    return { ...over, successFlag: 3, response: null, errorCode: end.code, errorMessage: end.msg }
  const extended = task.id.startsWith('veo_extend')
  return {
    ...over,
    successFlag: 1,
    response: {
      taskId: task.id,
      resultUrls: [extended ? 'https://tempfile.aiquickdraw.com/piece.mp4' : task.url],
      originUrls: [task.url],
      ...(extended ? { fullResultUrls: [task.url] } : {}),
      resolution: task.wanted,
    },
    errorCode: null,
    errorMessage: '',
  }
}
