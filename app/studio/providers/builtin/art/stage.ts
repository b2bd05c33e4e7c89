/** The stage of a shot: its size, its colours, its camera, and how layers at a depth are seen through it. */

import type { Placement, Raster, Ripple, Surface } from '../pixels/surface.ts'
import type { Look } from '../prompt/lexicon.ts'
import type { Box, Layer } from './layers.ts'
import type { Palette } from './palette.ts'
import type { Random } from './random.ts'

export interface Stage {
  surface: Surface
  width: number
  height: number
  /** One "point": a 720th of the shorter side. */
  unit: number
  /** Where the ground begins, in stage pixels from the top. */
  horizon: number
  /** The sun or moon. */
  sun: { x: number; y: number }
  look: Look
  palette: Palette
  random: Random
}

/** Where the camera is: moved by x and y (stage pixels, at depth 1) and nearer by `zoom` (1 or more). */
export interface Camera {
  x: number
  y: number
  zoom: number
}

/** One thing to draw in a frame of the shot; `t` is in seconds since the shot began. */
export type Step = (frame: Raster, camera: Camera, t: number) => void

/** How far the camera may go, as shares of the frame; layers reach this far beyond it. */
export const REACH = { x: 0.07, y: 0.05 }

/** What lies far away moves and grows less: depth 0 is at infinity, 1 where the camera's numbers hold. */
export function seen(
  stage: Stage,
  camera: Camera,
  depth: number,
  x: number,
  y: number,
): { x: number; y: number; zoom: number } {
  const zoom = 1 + (camera.zoom - 1) * (0.35 + 0.65 * depth)
  const middle = stage.width / 2
  return {
    x: middle + (x - middle - camera.x * depth) * zoom,
    // Zooms aim at the horizon, where the picture's meaning is, rather than at its middle.
    y: stage.horizon + (y - stage.horizon - camera.y * depth) * zoom,
    zoom,
  }
}

export function placed(
  stage: Stage,
  camera: Camera,
  depth: number,
  layer: Layer,
  driftX = 0,
  driftY = 0,
): Placement {
  const at = seen(stage, camera, depth, layer.x + driftX, layer.y + driftY)
  return { x: at.x, y: at.y, scale: layer.scale / at.zoom }
}

/** A step that draws a layer at a depth. */
export function show(
  stage: Stage,
  layer: Layer,
  depth: number,
  options: {
    opacity?: (t: number) => number
    drift?: (t: number) => { x: number; y: number }
    ripple?: (t: number) => Ripple
  } = {},
): Step {
  return (frame, camera, t) => {
    const drift = options.drift?.(t)
    stage.surface.draw(frame, layer.raster, placed(stage, camera, depth, layer, drift?.x, drift?.y), {
      opacity: options.opacity?.(t),
      ripple: options.ripple?.(t),
    })
  }
}

/** The part of the stage between two heights that the camera may ever see, with room for drift. */
export function band(stage: Stage, top: number, bottom: number, drift = 0): Box {
  const x = -stage.width * REACH.x - 40 - drift
  const y = Math.max(top, -stage.height * REACH.y - 24)
  const low = Math.min(bottom, stage.height * (1 + REACH.y) + 24)
  return { x, y, width: stage.width - 2 * x, height: Math.max(4, low - y) }
}
