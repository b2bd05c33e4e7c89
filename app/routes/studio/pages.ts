import { type Sentence, say } from '#core/i18n/say.ts'

/** What a page of the studio says to the shell around it, in its `handle`. */
export interface StudioHandle {
  mood: 'dark'
  title: Sentence
  /** For the list that `?` opens. */
  keys?: readonly { keys: readonly string[]; does: Sentence }[]
}

export const galleryKeys: StudioHandle['keys'] = [
  { keys: ['mod', '↵'], does: say('Make the video, from the prompt') },
  { keys: ['← ↑ → ↓'], does: say('Move between creations') },
  { keys: ['↵'], does: say('Open the one that has the focus') },
  { keys: ['s'], does: say('Save it, or let it go again') },
  { keys: ['Del'], does: say('Delete it') },
]
