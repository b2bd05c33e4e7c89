import { Callout } from '#app/components/ui/Callout.tsx'
import { Panel } from '#app/components/ui/Panel.tsx'
import type { GenerationFacts } from '#app/console/generations.ts'
import { useI18n } from '#app/i18n/I18n.tsx'
import { paths } from '#app/paths.ts'
import { type ActAnswer, FoldedAct, ReasonField } from './ActForm.tsx'

export type GenerationAnswer =
  | undefined
  | (ActAnswer & { intent: 'reveal_prompt'; result?: { prompt: string } })
  | (ActAnswer & { intent: 'reveal_video' | 'cancel' })

/** Opening what is sealed, and stopping what runs; each for a reason. */
export function GenerationActs(props: {
  facts: GenerationFacts
  may: { reveal: boolean; cancel: boolean }
  answer: GenerationAnswer
}) {
  const { facts, may, answer } = props
  const { t } = useI18n()
  const reveal = may.reveal && (facts.hasPrompt || facts.hasVideo)
  const cancel = may.cancel && facts.cancellable
  if (!reveal && !cancel && !answer?.ok) return null
  return (
    <Panel title={t('What you can do')} lifted>
      <Shown answer={answer} id={facts.id} />
      {may.reveal && facts.hasPrompt && (
        <FoldedAct
          intent="reveal_prompt"
          title={t('Read the prompt')}
          verb={t('Show it once')}
          lead={t('It is shown on this page until you leave it.')}
          answer={answer}
        >
          <ReasonField intent="reveal_prompt" answer={answer} />
        </FoldedAct>
      )}
      {may.reveal && facts.hasVideo && (
        <FoldedAct
          intent="reveal_video"
          title={t('Watch the video')}
          verb={t('Open it')}
          lead={t('It can be watched here for ten minutes, by you alone. Each look is in the audit log.')}
          answer={answer}
        >
          <ReasonField intent="reveal_video" answer={answer} />
        </FoldedAct>
      )}
      {cancel && (
        <FoldedAct
          intent="cancel"
          title={t('Stop it')}
          verb={t('Stop and give the credits back')}
          look="danger"
          lead={t('What was made so far is lost. Its owner gets the credits back.')}
          answer={answer}
        >
          <ReasonField intent="cancel" answer={answer} />
        </FoldedAct>
      )}
    </Panel>
  )
}

function Shown({ answer, id }: { answer: GenerationAnswer; id: string }) {
  const { t } = useI18n()
  if (!answer?.ok) return null
  if (answer.intent === 'reveal_prompt')
    return (
      <Callout announced tone="accent" title={t('The prompt')}>
        <p className="whitespace-pre-wrap break-words text-ink" dir="auto">
          {answer.result?.prompt}
        </p>
      </Callout>
    )
  if (answer.intent === 'reveal_video')
    return (
      <figure className="mb-2 grid gap-2">
        {/* biome-ignore lint/a11y/useMediaCaption: a person's own video has no captions to show */}
        <video
          src={paths.generationVideo(id)}
          controls
          playsInline
          preload="metadata"
          controlsList="nodownload"
          aria-label={t('The video')}
          className="w-full rounded-sm bg-black"
        />
      </figure>
    )
  return (
    <Callout announced tone="good">
      {t('It was stopped, and the credits are back.')}
    </Callout>
  )
}
