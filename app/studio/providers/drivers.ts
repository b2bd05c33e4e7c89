import { arkDriver } from './ark/driver.ts'
import { comfyuiDriver } from './comfyui/driver.ts'
import { falDriver } from './fal/driver.ts'
import { googleDriver } from './google/driver.ts'
import { kieDriver } from './kie/driver.ts'
import { openaiVideosDriver } from './openai-videos/driver.ts'
import type { Driver } from './provider.ts'
import { vertexDriver } from './vertex/driver.ts'

/** Every kind of provider there is code for, but the built-in one, which nobody connects to. */
export const drivers: readonly Driver[] = [
  kieDriver,
  falDriver,
  googleDriver,
  vertexDriver,
  arkDriver,
  comfyuiDriver,
  openaiVideosDriver,
]

export function driverOf(name: string): Driver | undefined {
  return drivers.find((driver) => driver.name === name)
}
