/** The frames of a storyboard, one after the other: plans the shots, builds each when it is needed, and fades between them. */
import { vignette } from './art/backdrop.ts'
import { randomOf, smooth } from './art/random.ts'
import { referenceScene } from './art/reference.ts'
import { sceneFor, stageFor } from './art/scenes.ts'
import { type Camera, REACH, type Stage } from './art/stage.ts'
import { createSurface, type Raster, type Surface } from './pixels/surface.ts'
import type { Pace } from './prompt/lexicon.ts'
import { planShots, type ShotPlan } from './prompt/plan.ts'
import { type Faces, loadFaces } from './type/lines.ts'
import { titleFor } from './type/title.ts'

export const FPS = 24

/**
 * How many frames before its first a shot is built: late, for by then the encoder has a stock of frames to go on with, but
 * long enough to wait for what others draw meanwhile.
 */
const HEAD_START = 6

export interface FilmInput {
  prompt: string
  seed: number
  frames: number
  width: number
  height: number
  /** An accepted picture (see core/media/picture.ts) to film instead of painted places. */
  referencePath?: string
}

export interface Film {
  shots: readonly ShotPlan[]
  /**
   * Frames as planar YUV 4:2:0, BT.709 limited range; the same input gives the same bytes. Each is given where the
   * next will be drawn, so it is to be used before that is asked for.
   */
  frames(): AsyncGenerator<Uint8Array>
}

let faces: Faces | undefined
/** Fonts are read once: they never change while the program runs. */
const knownFaces = () => {
  faces ??= loadFaces()
  return faces
}

type Shot = { plan: ShotPlan; draw: (frame: Raster, index: number) => void }

export function planFilm(input: FilmInput): Film {
  const shots = planShots(input.prompt, input.seed, input.frames, FPS)
  return { shots, frames: () => drawn(input, shots) }
}

async function* drawn(input: FilmInput, plans: ShotPlan[]): AsyncGenerator<Uint8Array> {
  const surface = createSurface()
  const main = surface.frame(input.width, input.height)
  const second = surface.frame(input.width, input.height)
  const noise = makeNoise(surface, main)
  const faces = knownFaces()
  const build = (index: number) => buildShot(surface, faces, input, plans, index)
  let current: Shot | undefined = await build(0)
  let coming: Promise<Shot> | undefined
  let index = 0
  for (let i = 0; i < input.frames && current; i++) {
    let next = plans[index + 1]
    if (next && i === next.from + next.fade) {
      current = await coming
      coming = undefined
      index += 1
      next = plans[index + 1]
    }
    if (next && !coming && i >= next.from - HEAD_START) {
      coming = build(index + 1)
      // Its failure is met where it is awaited; until then it must not count as unhandled.
      coming.catch(() => undefined)
    }
    current?.draw(main, i)
    if (next && i >= next.from && i < next.from + next.fade) {
      const after = await coming
      after?.draw(second, i)
      surface.mix(main, second, smooth(0, 1, (i - next.from + 0.5) / next.fade))
    }
    const rows = noise.offsets[(i >> 1) % noise.offsets.length] as number
    surface.grain(main, noise.at + rows, noise.bias)
    yield surface.pack(main)
  }
}

async function buildShot(
  surface: Surface,
  faces: Faces,
  input: FilmInput,
  plans: ShotPlan[],
  index: number,
): Promise<Shot> {
  const plan = plans[index] as ShotPlan
  const random = randomOf(input.prompt, input.seed).fork(`shot ${index}`)
  const stage = stageFor(surface, input.width, input.height, plan.look, random)
  const edge = vignette(stage, input.referencePath ? 0.45 : 0.5)
  // The title first: others draw its type while the scene is painted.
  const [title, steps] = await Promise.all([
    titleFor(stage, edge, faces, plan.line, index + 1, plans.length),
    input.referencePath ? referenceScene(stage, input.referencePath, index) : sceneFor(stage),
  ])
  const seconds = plan.frames / FPS
  return {
    plan,
    draw(frame, i) {
      const t = (i - plan.from) / FPS
      const camera = cameraAt(stage, plan, t / seconds, seconds)
      for (const step of steps) step(frame, camera, t)
      title(frame, t, seconds)
    },
  }
}

const strides: Record<Pace, number> = { slow: 0.6, even: 1, fast: 1.5 }

/** Eased, but never quite still: a move that comes to rest before the cut looks like a mistake. */
function cameraAt(stage: Stage, plan: ShotPlan, progress: number, seconds: number): Camera {
  const p = 0.55 * progress + 0.45 * smooth(0, 1, progress)
  // A longer shot goes farther at the same speed, as far as the layers reach.
  const reach = Math.min(1, 0.32 * strides[plan.look.pace] * Math.sqrt(seconds))
  const { width, height } = stage
  const [x, y] = [width * REACH.x * reach, height * REACH.y * reach]
  const zoom = 0.16 * reach
  switch (plan.move) {
    case 'push':
      return { x: 0.2 * x * p, y: 0, zoom: 1.01 + zoom * p }
    case 'pull':
      return { x: -0.2 * x * p, y: 0, zoom: 1.01 + zoom * (1 - p) }
    case 'left':
      return { x: x * (1 - 2 * p), y: 0, zoom: 1.03 + zoom * 0.25 * p }
    case 'right':
      return { x: x * (2 * p - 1), y: 0, zoom: 1.03 + zoom * 0.25 * p }
    case 'rise':
      return { x: 0.25 * x * p, y: y * (1 - 2 * p), zoom: 1.04 + zoom * 0.2 * p }
  }
}

/** A tile of film grain longer than a frame; each pair of frames begins elsewhere in it. */
function makeNoise(surface: Surface, frame: Raster): { at: number; bias: number; offsets: number[] } {
  const { stride, height } = frame.y
  const spare = 64
  const bias = 1
  const size = stride * (height + spare)
  const at = surface.alloc(size)
  const bytes = surface.bytes()
  let state = 77
  for (let i = 0; i < size; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    const n = state >>> 16
    // 0 below 19660, 2 above 45875, else 1; a branch on chance would be guessed wrong half of the time.
    bytes[at + i] = ((19_659 - n) >>> 31) + ((45_875 - n) >>> 31)
  }
  const offsets = Array.from({ length: 31 }, (_, i) => ((i * 37) % spare) * stride + ((i * 53) % 16) * 16)
  return { at, bias, offsets: offsets.map((o) => Math.min(o, spare * stride)) }
}
