/** A small figure that gives a wide picture its scale: a boat, a lone tree, a house with a lit window, a lighthouse. */
import { dot } from '../pixels/sprites.ts'
import { blend, hexOf, scale, yuv } from './colour.ts'
import { drawing } from './layers.ts'
import { type Stage, type Step, seen, show } from './stage.ts'
import { landColour } from './terrain.ts'

export async function subject(stage: Stage): Promise<Step[]> {
  const { look } = stage
  const { setting } = look
  const afloat = setting === 'sea' || setting === 'lake'
  if (look.subject === 'boat' && afloat) return [await boat(stage)]
  const open = setting === 'hills' || setting === 'field' || setting === 'desert'
  if (look.subject === 'tree' && open) return [await tree(stage)]
  if (look.subject === 'house' && (open || setting === 'lake')) return house(stage)
  if (look.subject === 'lighthouse' && (open || afloat)) return lighthouse(stage)
  return []
}

/** Wide frames have their line on the left; in others the figure stands away from the light. */
function spot(stage: Stage): number {
  const { width, height, sun } = stage
  if (width > height) return width * 0.69
  return width * (sun.x < width / 2 ? 0.66 : 0.34)
}

async function boat(stage: Stage): Promise<Step> {
  const { palette, unit: u, surface, horizon, height } = stage
  const size = 92 * u
  const x = spot(stage)
  const y = horizon + (height - horizon) * 0.2
  const hull = hexOf(scale(palette.near, 0.72))
  const sail = hexOf(blend(palette.cloudLit, palette.haze, 0.35))
  const shade = hexOf(blend(palette.cloudDark, palette.haze, 0.35))
  const box = { x: x - size, y: y - size * 1.4, width: size * 2, height: size * 2.1 }
  const sails = `<path d="M0 -10L2 -118Q42 -62 50 -14Z" fill="${sail}"/><path d="M-5 -14L-3 -100Q-34 -54 -40 -16Z" fill="${shade}"/><path d="M-1 -124L1 -124L1.6 0L-1.6 0Z" fill="${hull}"/>`
  const body = `<path d="M-54 -8Q-20 -3 56 -10Q46 10 28 11L-34 11Q-48 8 -54 -8Z" fill="${hull}"/>`
  const unit = size / 100
  const glass = `<g transform="translate(0 21) scale(1 -0.5)" opacity=".34">${body}${sails}</g>`
  const markup = `<g transform="translate(${size} ${size * 1.4}) scale(${unit})">${glass}${sails}${body}<ellipse cx="0" cy="12" rx="62" ry="2.2" fill="${hexOf(palette.haze)}" opacity=".4"/></g>`
  const layer = await drawing(surface, box, markup)
  return show(stage, layer, 0.5, {
    drift: (t) => ({ x: t * 5 * u, y: Math.sin(t * 1.3) * 1.6 * u }),
    ripple: (t) => (row) =>
      row > y ? Math.sin(row / (4 * u) + t * 3) * 2.2 * u : (y - row) * 0.022 * Math.sin(t * 1.1),
  })
}

async function tree(stage: Stage): Promise<Step> {
  const { palette, unit: u, surface, height, horizon } = stage
  const random = stage.random.fork('tree')
  const size = 210 * u
  const dark = hexOf(scale(palette.near, 0.7))
  const branches: string[] = []
  const leaves: string[] = []
  const grow = (x: number, y: number, angle: number, length: number, width: number): void => {
    const [ex, ey] = [x + Math.cos(angle) * length, y + Math.sin(angle) * length]
    branches.push(
      `<path d="M${x.toFixed(1)} ${y.toFixed(1)}L${ex.toFixed(1)} ${ey.toFixed(1)}" stroke-width="${width.toFixed(1)}"/>`,
    )
    if (length < 14) {
      for (let i = 0; i < 5; i++) {
        const r = random.between(4, 9)
        leaves.push(
          `<circle cx="${(ex + random.between(-11, 11)).toFixed(1)}" cy="${(ey + random.between(-9, 7)).toFixed(1)}" r="${r.toFixed(1)}" fill-opacity="${random.between(0.55, 1).toFixed(2)}"/>`,
        )
      }
      return
    }
    const parts = random.next() < 0.35 ? 3 : 2
    for (let i = 0; i < parts; i++) {
      const turn = (i - (parts - 1) / 2) * random.between(0.55, 0.95) + random.between(-0.15, 0.15)
      grow(ex, ey, angle * 0.94 - 0.09 + turn, length * random.between(0.68, 0.82), width * 0.66)
    }
  }
  grow(100, 192, -Math.PI / 2, 44, 9)
  const y = horizon + (height - horizon) * 0.52
  const box = { x: spot(stage) - size / 2, y: y - size * 0.96, width: size, height: size }
  const markup = `<g transform="scale(${size / 200})"><path d="M6 200Q70 188 100 187Q130 188 194 200Z" fill="${hexOf(landColour(stage, 0.74))}"/><g stroke="${dark}" stroke-linecap="round">${branches.join('')}</g><g fill="${hexOf(blend(scale(palette.near, 0.8), palette.far, 0.14))}">${leaves.join('')}</g></g>`
  return show(stage, await drawing(surface, box, markup), 0.72)
}

async function house(stage: Stage): Promise<Step[]> {
  const { palette, unit: u, surface, height, horizon, look } = stage
  const size = 110 * u
  const [x, y] = [
    spot(stage),
    look.setting === 'lake' ? horizon + 8 * u : horizon + (height - horizon) * 0.46,
  ]
  const dark = hexOf(scale(palette.near, 0.8))
  const roof = hexOf(scale(palette.near, 0.55))
  const knoll = hexOf(landColour(stage, 0.68))
  const markup = `<g transform="translate(${size} 0) scale(${size / 100})"><path d="M-100 112Q0 88 50 86Q100 88 200 112Z" fill="${knoll}"/><rect x="22" y="52" width="56" height="38" fill="${dark}"/><path d="M14 56L50 26L86 56Z" fill="${roof}"/><rect x="66" y="28" width="7" height="18" fill="${roof}"/><rect x="32" y="62" width="11" height="12" fill="#ffd99a"/><rect x="56" y="62" width="11" height="12" fill="#ffc877"/></g>`
  const layer = await drawing(
    surface,
    { x: x - size * 1.5, y: y - size * 0.9, width: size * 3, height: size * 1.12 },
    markup,
  )
  return [show(stage, layer, 0.66), lamp(stage, 0.66, x, y - size * 0.22, 70 * u, () => 0.42)]
}

async function lighthouse(stage: Stage): Promise<Step[]> {
  const { palette, unit: u, surface, horizon, height, look } = stage
  const size = 230 * u
  const x = spot(stage)
  const onLand = look.setting !== 'sea' && look.setting !== 'lake'
  const y = onLand ? horizon + (height - horizon) * 0.4 : horizon + 16 * u
  const dark = hexOf(scale(palette.near, 0.75))
  const pale = hexOf(blend(palette.far, palette.near, 0.35))
  const markup = `<g transform="scale(${size / 200})"><path d="M20 200Q60 172 100 172Q150 172 190 200Z" fill="${dark}"/><path d="M88 176L93 66L107 66L112 176Z" fill="${pale}"/><path d="M90.600 120L92 92L108 92L109.400 120Z" fill="${dark}"/><rect x="88" y="61" width="24" height="5" fill="${dark}"/><rect x="94" y="46" width="12" height="15" fill="#ffe6ae"/><path d="M91 46L100 34L109 46Z" fill="${dark}"/></g>`
  const layer = await drawing(surface, { x: x - size / 2, y: y - size, width: size, height: size }, markup)
  return [
    show(stage, layer, 0.4),
    lamp(stage, 0.4, x, y - size * 0.735, 130 * u, (t) => 0.28 + 0.6 * Math.max(0, Math.sin(t * 1.7)) ** 6),
  ]
}

function lamp(
  stage: Stage,
  depth: number,
  x: number,
  y: number,
  radius: number,
  light: (t: number) => number,
): Step {
  const ink = yuv(255, 222, 160)
  return (frame, camera, t) => {
    const p = seen(stage, camera, depth, x, y)
    dot(stage.surface, frame, p.x, p.y, radius, radius, ink, light(t))
    dot(stage.surface, frame, p.x, p.y, radius * 0.2, radius * 0.2, ink, light(t))
  }
}
