/**
 * How far a prompt is, by what ComfyUI tells on its socket (`execution.py`, `main.py`, `comfy_execution/progress.py` of
 * Comfy-Org/ComfyUI): the finished nodes, with the share of the one that runs, of all nodes in the graph. Newer servers tell
 * the state of every node (`progress_state`); of an older one, or between two such messages, only the node that runs is
 * known, and all that it depends on has surely ended.
 */
import { z } from 'zod'
import { isLink } from './preflight.ts'
import type { Graph } from './workflow.ts'

export interface ProgressEar {
  /** Takes one message. True when it told all there is to know; what is not understood or another prompt's is no news. */
  hear(text: string): boolean
  /** 0 to below 1, undefined while nothing is known. */
  progress(): number | undefined
}

/** A prompt that the queue still calls running is not done, whatever its nodes say: its files are being written down. */
const ALMOST = 0.99

const message = z.looseObject({
  type: z.string(),
  // Old versions send the state of nodes to everybody, and to a client that comes back a node without its prompt.
  data: z.looseObject({ prompt_id: z.string().optional() }),
})
const share = { value: z.number(), max: z.number() }
const allNodes = z.looseObject({
  nodes: z.record(z.string(), z.looseObject({ state: z.string(), ...share })),
})
const oneNode = z.looseObject({ node: z.string(), display_node: z.string().optional() })
const oneShare = oneNode.extend(share)
const cachedNodes = z.looseObject({ nodes: z.array(z.string()) })

/** For one prompt, by its id; what has no id is believed, so the socket has to be that of the prompt's own client id. */
export function progressEar(graph: Graph, prompt: string): ProgressEar {
  const total = Object.keys(graph).length
  const ended = new Set<string>()
  const running = new Map<string, number>()
  let known = false

  function allTold({ nodes }: z.infer<typeof allNodes>): void {
    ended.clear()
    running.clear()
    for (const [id, { state, value, max }] of Object.entries(nodes)) {
      // Nodes that a node made while it ran count as a part of it.
      if (!Object.hasOwn(graph, id)) continue
      if (state === 'finished') ended.add(id)
      if (state === 'running') running.set(id, shareOf(value, max))
    }
  }

  function runs({ node, display_node = '' }: z.infer<typeof oneNode>, part: number): boolean {
    const id = [node, display_node].find((name) => Object.hasOwn(graph, name))
    if (id === undefined) return false
    running.clear()
    // A step of a node within a node says nothing of how far the outer one is.
    running.set(id, id === node ? part : 0)
    for (const before of dependencies(graph, id)) ended.add(before)
    return true
  }

  /** Whether it was news, and whether there is no more to come. */
  function understood(type: string, content: unknown): { news: boolean; all: boolean } {
    switch (type) {
      case 'progress_state': {
        const read = allNodes.safeParse(content)
        if (read.success) allTold(read.data)
        return { news: read.success, all: read.success }
      }
      // Follows on `progress_state` where that is known.
      case 'progress': {
        const read = oneShare.safeParse(content)
        const news = read.success && runs(read.data, shareOf(read.data.value, read.data.max))
        return { news, all: news }
      }
      case 'executing': {
        const read = oneNode.safeParse(content)
        return { news: read.success && runs(read.data, 0), all: false }
      }
      case 'execution_cached': {
        const read = cachedNodes.safeParse(content)
        const nodes = read.success ? read.data.nodes.filter((id) => Object.hasOwn(graph, id)) : []
        for (const id of nodes) ended.add(id)
        return { news: read.success, all: false }
      }
    }
    return { news: false, all: false }
  }

  return {
    hear(text) {
      const read = message.safeParse(jsonOf(text))
      if (!read.success) return false
      const { type, data } = read.data
      if (data.prompt_id !== undefined && data.prompt_id !== prompt) return false
      const { news, all } = understood(type, data)
      known ||= news
      return all
    },

    progress() {
      if (!known) return undefined
      let done = 0
      for (const id of ended) if (!running.has(id)) done++
      for (const part of running.values()) done += part
      return Math.min(done / total, ALMOST)
    },
  }
}

/** All nodes whose outputs go into this one, directly or through others. */
function dependencies(graph: Graph, node: string): Set<string> {
  const found = new Set<string>()
  const open = [node]
  for (let id = open.pop(); id !== undefined; id = open.pop())
    for (const value of Object.values(graph[id]?.inputs ?? {}))
      if (isLink(value) && Object.hasOwn(graph, value[0]) && !found.has(value[0])) {
        found.add(value[0])
        open.push(value[0])
      }
  return found
}

const shareOf = (value: number, max: number) => (max > 0 ? Math.min(Math.max(value / max, 0), 1) : 0)

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
