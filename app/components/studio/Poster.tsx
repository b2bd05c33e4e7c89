import { useEffect, useRef, useState } from 'react'
import { classes } from '#app/components/ui/classes.ts'

/** Long enough that a pointer passing over a grid loads nothing. */
const REST = 140

/**
 * The still of a video, which moves while the pointer or the focus rests on it. `over` is the element that is watched:
 * the whole card. Nothing moves for whoever asked for less motion.
 */
export function Poster(props: {
  poster: string | null
  preview: string | null
  /** Of the video; another shape than the card's stands before a soft copy of itself. */
  wide: boolean
  playing: boolean
}) {
  const { poster, preview, wide, playing } = props
  if (!poster) return null
  return (
    <>
      {!wide && (
        <img
          src={poster}
          alt=""
          loading="lazy"
          decoding="async"
          className="absolute inset-0 size-full scale-125 object-cover opacity-35 blur-xl"
        />
      )}
      <img
        src={poster}
        alt=""
        loading="lazy"
        decoding="async"
        className="absolute inset-0 size-full object-contain"
      />
      {playing && preview && <Preview src={preview} />}
    </>
  )
}

function Preview({ src }: { src: string }) {
  const [moving, setMoving] = useState(false)
  return (
    <video
      src={src}
      muted
      loop
      playsInline
      autoPlay
      tabIndex={-1}
      aria-hidden="true"
      onPlaying={() => setMoving(true)}
      className={classes(
        'absolute inset-0 size-full object-contain transition-opacity duration-150',
        moving ? 'opacity-100' : 'opacity-0',
      )}
    />
  )
}

/** Whether somebody rests on it, and the handlers that notice. */
export function useResting() {
  const [resting, setResting] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout>>()
  useEffect(() => () => clearTimeout(timer.current), [])
  const begin = () => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setResting(true), REST)
  }
  const end = () => {
    clearTimeout(timer.current)
    setResting(false)
  }
  return { resting, watch: { onPointerEnter: begin, onPointerLeave: end, onFocus: begin, onBlur: end } }
}
